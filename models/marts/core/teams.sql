with teams as (

    select * from {{ ref('teams_seed') }}

),

final as (

    select
        team_id,
        abbreviation,
        full_name,
        conference,
        division
    from teams

)

select * from final
