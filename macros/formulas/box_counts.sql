{# The counts of a box score: our name, and the name each source gives it. #}
{% macro box_counts() %}
    {% set counts = [] %}
    {% for name in ['fgm', 'fga', 'fg3m', 'fg3a', 'ftm', 'fta', 'oreb', 'dreb', 'reb', 'ast', 'stl', 'blk', 'tov', 'pf', 'pts'] %}
        {% do counts.append({
            'name': name,
            'archive': name,
            'balldontlie': 'turnover' if name == 'tov' else name,
        }) %}
    {% endfor %}
    {{ return(counts) }}
{% endmacro %}

{# Our forecast markets: the column of the box score, and the name the market has. #}
{% macro markets() %}
    {{ return([
        {'name': 'points', 'column': 'pts'},
        {'name': 'rebounds', 'column': 'reb'},
        {'name': 'assists', 'column': 'ast'},
        {'name': 'threes', 'column': 'fg3m'},
    ]) }}
{% endmacro %}

{#
    All that is forecast: the markets above and the sums of them that the seed `markets` lists, each with its parts and the
    columns of the box score that it adds up.
#}
{% macro all_markets() %}
    {% set base = markets() %}
    {% set all = [] %}
    {% for parts in [
        ['points'], ['rebounds'], ['assists'], ['threes'],
        ['points', 'rebounds', 'assists'], ['points', 'rebounds'], ['points', 'assists'], ['rebounds', 'assists'],
    ] %}
        {% do all.append({
            'name': parts | join('_'),
            'parts': parts,
            'columns': base | selectattr('name', 'in', parts) | map(attribute='column') | list,
        }) %}
    {% endfor %}
    {{ return(all) }}
{% endmacro %}

{# What a market of all_markets() counts in a box score; null where a part of it is. #}
{% macro market_value(market, alias) -%}
    {% for column in market.columns %}{{ ' + ' if not loop.first }}{{ alias }}.{{ column }}{% endfor %}
{%- endmacro %}

{# The sum of a column of each part of a market: <part><suffix>. #}
{% macro market_parts(market, alias, suffix) -%}
    {% for part in market.parts %}{{ ' + ' if not loop.first }}{{ alias }}.{{ part }}{{ suffix }}{% endfor %}
{%- endmacro %}
