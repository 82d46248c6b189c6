{{ config(materialized='view') }}

-- What each source holds at this moment: its newest load, its rows, and how many of them were retired.
{% set tables = {
    'archive': [
        'schedule', 'player_box', 'team_box', 'player_shot_zones', 'player_props', 'game_lines',
        'injuries',
    ],
    'balldontlie': ['games', 'player_stats', 'active_players', 'player_injuries'],
    'odds_api': ['events', 'player_props', 'game_lines'],
} %}
{% set retiring = ['active_players', 'player_injuries'] %}

with loads as (

    {% for name, members in tables.items() -%}
        {% set outer = loop -%}
        {% for table in members -%}
            select
                '{{ name }}' as source,
                max(_dlt_load_id) as load_id,
                count(*) as n_rows,
                {{ 'count(valid_to)' if table in retiring else '0' }} as retired
            from {{ source(name, table) }}
            {{ 'union all' if not (loop.last and outer.last) }}
        {% endfor -%}
    {% endfor %}

),

final as (

    select
        source,
        max(load_id) as latest_load_id,
        cast(sum(n_rows) as {{ dbt.type_bigint() }}) as n_rows,
        cast(sum(retired) as {{ dbt.type_bigint() }}) as retired_rows
    from loads
    group by source

)

select * from final
