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
