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
