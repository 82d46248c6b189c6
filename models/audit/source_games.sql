{{ config(materialized='view') }}

-- The games of each live source, and of how many sides it has box scores. Made of raw facts alone, as what is asked before a build.
{% set sources = ['balldontlie', 'nba_com', 'espn'] %}
with games as (

    {% for source in sources -%}
        select
            source,
            source_game_id,
            game_date,
            tipoff_at,
            status
        from {{ ref('stg_' ~ source ~ '__games') }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

box_scores as (

    {% for source in sources -%}
        select
            source,
            source_game_id,
            count(distinct source_team_id) as sides
        from {{ ref('stg_' ~ source ~ '__player_box_scores') }}
        group by source, source_game_id
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

joined as (

    select
        games.*,
        coalesce(box_scores.sides, 0) as sides,
        games.status = 'final' and coalesce(box_scores.sides, 0) >= 2 as is_complete
    from games
    left join box_scores
        on
            games.source = box_scores.source
            and games.source_game_id = box_scores.source_game_id

),

-- Two sources that tell the same game would make two of it: of each date the fullest one counts.
ranked as (

    select
        game_date,
        source,
        row_number() over (
            partition by game_date
            order by count(case when is_complete then 1 end) desc, source asc
        ) as place
    from joined
    group by game_date, source

),

final as (

    select
        {{ row_id(['joined.source', 'joined.source_game_id']) }} as source_game_row_id,
        joined.source,
        joined.source_game_id,
        joined.game_date,
        joined.tipoff_at,
        joined.status,
        joined.sides,
        joined.is_complete and ranked.place = 1 as is_counted
    from joined
    inner join ranked
        on
            joined.game_date = ranked.game_date
            and joined.source = ranked.source

)

select * from final
