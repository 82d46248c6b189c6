-- The starters of each projected five, one row a place in its text.
with lineups as (

    select * from {{ ref('stg_archive__projected_lineups') }}

),

places as (

    {% for place in range(1, 7) -%}
        select
            lineups.*,
            {{ place }} as place,
            nullif(trim({{ dbt.split_part('lineup_text', "', '", place) }}), '') as place_text
        from lineups
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
        -- Some texts begin with the heading of their list.
        trim({{ dbt.split_part(
            "coalesce(nullif("
            ~ dbt.split_part('place_text', "'Lineup: '", 2)
            ~ ", ''), place_text)",
            "' ('", 1
        ) }}) as player_name,
        nullif(replace({{ dbt.split_part('place_text', "' ('", 2) }}, ')', ''), '') as listed_position,
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
