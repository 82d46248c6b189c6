-- The starters of each projected five, one row a place in its text.
with lineups as (

    select * from {{ ref('stg_archive__projected_lineups') }}

),

headless as (

    select
        lineups.*,
        -- Some texts begin with the heading of their list.
        coalesce(
            nullif({{ dbt.split_part('lineup_text', "'Lineup: '", 2) }}, ''), lineup_text
        ) as starters_text
    from lineups

),

places as (

    {% for place in range(1, 7) -%}
        select
            headless.*,
            {{ place }} as place,
            nullif(trim({{ dbt.split_part('starters_text', "', '", place) }}), '') as place_text
        from headless
        {{ 'union all' if not loop.last }}
    {% endfor -%}

),

final as (

    select
        {{ row_id(['lineup_id', 'place']) }} as projected_starter_id,
        lineup_id,
        source,
        feed,
        team_text,
        place,
        trim({{ dbt.split_part('place_text', "' ('", 1) }}) as player_name,
        nullif(replace({{ dbt.split_part('place_text', "' ('", 2) }}, ')', ''), '')
            as listed_position,
        lineup_text,
        known_at,
        last_seen_at,
        source_load_id,
        loaded_at
    from places
    -- A sixth name is shown; that there is none is as it should be.
    where place <= 5 or place_text is not null

)

select * from final
