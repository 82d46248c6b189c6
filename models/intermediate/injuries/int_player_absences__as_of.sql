-- What each slate player meets by who is out of both sides, as reported before the cut: the features of the group `absences`.
with roles as (

    select * from {{ ref('int_player_roles__as_of') }}

),

sides as (

    select * from {{ ref('int_absences__as_of') }}

),

final as {{ absence_features('roles', 'sides') }}

select * from final
