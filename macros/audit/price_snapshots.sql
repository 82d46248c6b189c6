{# Every stored price of every source, with the series of one book, market and player that it belongs to. #}
{% macro price_snapshots() %}
    {%- for source in ['archive', 'odds_api'] -%}
        {%- for resource, model, parts in [
            ('player_props', 'prop_prices', ['event_id', 'bookmaker', 'source_market', 'player_name']),
            ('game_lines', 'game_line_prices', ['event_id', 'bookmaker', 'market']),
        ] -%}
            {{ 'union all' if not (loop.first and source == 'archive') }}
            select
                price_id,
                '{{ source }}' as source,
                '{{ resource }}' as resource,
                event_id,
                {{ row_id(parts) }} as series_id,
                home_team_name,
                away_team_name,
                commence_at,
                observed_date,
                known_at
            from {{ ref('stg_' ~ source ~ '__' ~ model) }}
        {% endfor -%}
    {%- endfor -%}
{% endmacro %}

{# Of each event's prices the rank by what tells which game it is; the first of each rank stays. #}
{% macro event_ranks() %}
    {%- for column in ['commence_at', 'observed_date', 'home_team_name', 'away_team_name'] %}
        row_number() over (
            partition by prices.event_id
            order by
                prices.{{ column }} {{ 'asc' if 'name' in column else 'desc' }} nulls last,
                prices.price_id asc
        ) as {{ column }}_rank{{ ',' if not loop.last }}
    {%- endfor %}
{% endmacro %}
