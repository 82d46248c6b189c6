{# Log odds of a system and of the market, mixed by the system's weight in percent. #}
{% macro mixed_log_odds(model_odds, market_odds, weight_percent) -%}
    (({{ weight_percent }}) * ({{ model_odds }}) + (100 - ({{ weight_percent }})) * ({{ market_odds }})) / 100
{%- endmacro %}

{#
    The first game date whose results a forecast may not have known: its game's, or the day it speaks from where that is
    earlier. A day's last game has ended by 06:00 Eastern of the next; before that, the day before is not over.
#}
{% macro calibration_date(as_of, game_date) -%}
    {{ least_known([game_date, eastern_date(add_minutes(as_of, -360))]) }}
{%- endmacro %}

{# Window over the whole days before a row's own, as far back as the var says. #}
{% macro earlier_days() -%}
    (
        partition by run_mode, system, market, information_set, weight_percent
        order by day_number asc
        range between {{ var('calibration_days') }} preceding and 1 preceding
    )
{%- endmacro %}
