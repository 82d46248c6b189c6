{{ config(materialized='view') }}

-- What each raw table holds at this moment: its newest load, its rows, and how many of them were retired.
{% set tables = {
    'archive': [
        'schedule', 'player_box', 'team_box', 'player_shot_zones', 'player_props', 'game_lines',
        'injuries', 'projected_lineups', 'player_gamelogs', 'line_movements',
    ],
    'balldontlie': ['games', 'player_stats', 'active_players', 'player_injuries'],
    'bettingpros': ['prop_prices'],
    'espn': ['scoreboard', 'box_scores', 'injuries'],
    'nba_com': ['schedule', 'box_scores', 'team_box_scores', 'shots'],
    'odds_api': ['events', 'player_props', 'game_lines'],
} %}
{% set retiring = [
    ['balldontlie', 'active_players'], ['balldontlie', 'player_injuries'], ['espn', 'injuries']
] %}
-- What no team or player summary is made of: prices, injuries and line-ups.
{% set news = [
    'player_props', 'prop_prices', 'game_lines', 'events', 'injuries', 'player_injuries',
    'projected_lineups', 'line_movements',
] %}

with final as (

    {% for name, members in tables.items() -%}
        {% set outer = loop -%}
        {% for table in members -%}
            select
                '{{ name }}' as source,
                '{{ table }}' as resource,
                {{ 'true' if table in news else 'false' }} as is_news,
                max(_dlt_load_id) as latest_load_id,
                count(*) as n_rows,
                {{ 'count(valid_to)' if [name, table] in retiring else '0' }} as retired_rows
            from {{ source(name, table) }}
            {{ 'union all' if not (loop.last and outer.last) }}
        {% endfor -%}
    {% endfor %}

)

select * from final
