{#
    What the warehouse holds of a date that a backfill was asked for, as one case expression over the columns of
    backfill_dates: its status, or the reason. The first thing that misses is named.
#}
{% macro backfill_verdict(part) -%}
    {%- set verdicts = [
        ('is_gap', 'degraded', "'no schedule for ' || " ~ to_text('days_without_games') ~ " || ' days'"),
        ('unbuilt_games > 0', 'failed', "'loaded games are not built'"),
        ('scheduled_games = 0', 'no_games', 'null'),
        ('final_games < scheduled_games', 'degraded',
            to_text('final_games') ~ " || ' of ' || " ~ to_text('scheduled_games') ~ " || ' games are final'"),
        ('team_rows < 2 * final_games', 'failed',
            to_text('team_rows') ~ " || ' of ' || " ~ to_text('2 * final_games') ~ " || ' team rows'"),
        ('sides_with_players < 2 * final_games', 'failed', "'player rows of ' || "
            ~ to_text('sides_with_players') ~ " || ' of ' || " ~ to_text('2 * final_games') ~ " || ' teams'"),
        ('franchise_games > 0 and not has_features', 'failed', "'no features'"),
        ('franchise_games > 0 and is_older', 'failed', "'features were not made anew'"),
        ('blocking_metric is not null', 'degraded', "'gate: ' || blocking_metric"),
        ('error is not null', 'degraded', 'error'),
    ] -%}
    case
        {%- for condition, status, reason in verdicts %}
        when {{ condition }} then {{ "'" ~ status ~ "'" if part == 'status' else reason }}
        {%- endfor %}
        {{ "else 'complete'" if part == 'status' }}
    end
{%- endmacro %}
