-- Where sources tell different numbers of the same game: how often by figure, and the latest example.
with disagreements as (

    select
        *,
        row_number() over (
            partition by source, believed_source, figure
            order by game_date desc, disagreement_id asc
        ) as recency
    from {{ ref('source_disagreements') }}

)

select
    source,
    believed_source,
    figure,
    count(*) as disagreements,
    count(distinct game_id) as games,
    min(game_date) as first_date,
    max(game_date) as last_date,
    max(case when recency = 1 then value end) as latest_value,
    max(case when recency = 1 then believed_value end) as latest_believed_value
from disagreements
group by source, believed_source, figure
order by disagreements desc, source asc, figure asc
