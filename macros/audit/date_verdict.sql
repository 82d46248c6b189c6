{#
    What is to be said of a game date, as one case expression over the columns of date_grid: its status, the reason, or
    the remedy. One list for all three, in the order of the build: the first thing that misses is named.
#}
{% macro date_verdict(part) -%}
    {%- set load = 'nba-props backfill --source balldontlie (or archive) for the date' -%}
    {%- set verdicts = [
        ('is_gap', 'missing', "'no schedule for ' || " ~ to_text('days_without_games') ~ " || ' days'",
            load ~ '; a real break belongs into the seed league_breaks'),
        ('unbuilt_games > 0', 'missing', "'loaded games are not built'",
            'nba-props daily, or dbt build --selector features'),
        ('scheduled_games = 0', 'no_games', 'null', none),
        ("live_runs > 0 and live_runs_completed = 0", 'failed',
            "'the daily run ' || last_status || coalesce(': ' || last_error_class, '')",
            'audit.runs has the error; then nba-props daily again'),
        ('franchise_games > 0 and empty_resource is not null', 'missing', "empty_resource || ': no data'",
            'ask the provider what is wrong; then nba-props daily again'),
        ('not is_due and final_games < scheduled_games', 'pending', "'games are to come, or just over'", none),
        ('final_games < scheduled_games', 'missing', "'games are not final'", load),
        ('team_rows < 2 * final_games', 'missing', "'team rows'", load),
        ('sides_with_players < 2 * final_games', 'missing', "'player rows'", load),
        ('franchise_games > 0 and not has_features', 'missing', "'features'",
            'nba-props daily, or dbt build --selector features'),
        ('live_runs > 0 and franchise_games > 0 and forecasts = 0', 'missing', "'predictions'",
            'audit.runs has the reason; the past cannot be forecast live any more, but replayed: nba-props daily --date'),
        ('blocking_metric is not null', 'failed', "'gate: ' || blocking_metric",
            "coalesce(blocking_remedy, 'audit.gate_results has the value') || '; then nba-props daily, or waive'"),
        ("last_status in ('failed', 'died')", 'degraded',
            "'the last daily run ' || last_status || ', an earlier one stands'", 'nba-props daily again'),
        ('waived_metric is not null', 'waived', "'gate: ' || waived_metric",
            'mend what the waiver covers before it expires'),
        ('is_degraded', 'degraded', 'degraded_reason', 'audit.loads has the error; then nba-props daily again'),
    ] -%}
    case
        {%- for condition, status, reason, remedy in verdicts %}
        when {{ condition }} then {{
            "'" ~ status ~ "'" if part == 'status'
            else reason if part == 'reason'
            else 'null' if remedy is none
            else remedy if "'" in remedy
            else "'" ~ remedy ~ "'"
        }}
        {%- endfor %}
        {{ "else 'done'" if part == 'status' }}
    end
{%- endmacro %}
