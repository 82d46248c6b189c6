{# The columns that every source's box scores have. #}
{% macro box_score_columns() %}
    {{ return([
        'source_game_id', 'source_team_id', 'source_player_id', 'source', 'player_name', 'start_position', 'is_starter',
        'dnp_reason', 'minutes_text', 'seconds_played', 'has_exact_seconds',
    ] + box_counts() | map(attribute='name') | list + ['plus_minus', 'source_load_id', 'loaded_at']) }}
{% endmacro %}
