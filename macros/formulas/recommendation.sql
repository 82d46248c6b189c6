{#
    OVER or UNDER where a stake at the best price is expected to win at least the minimum, PASS where neither side is,
    NO_LINE where no book offers a line.
#}
{% macro recommendation(line, over_value, under_value, minimum) -%}
    case
        when {{ line }} is null then 'NO_LINE'
        when {{ over_value }} >= {{ minimum }} and {{ over_value }} >= coalesce({{ under_value }}, -1) then 'OVER'
        when {{ under_value }} >= {{ minimum }} then 'UNDER'
        else 'PASS'
    end
{%- endmacro %}

{#
    0-100: the probability in percent of the side that is called, the likelier one where none is; the push set aside, and no
    more than the quality of the inputs allows. Null where the probability is.
#}
{% macro confidence(recommendation, probability_over, probability_under, quality_score) -%}
    case
        when {{ probability_over }} is not null then {{ least_known([
            '100 * ' ~ safe_divide(
                'case ' ~ recommendation ~ " when 'OVER' then " ~ probability_over
                ~ " when 'UNDER' then " ~ probability_under
                ~ ' else ' ~ greatest_known([probability_over, probability_under]) ~ ' end',
                '(' ~ probability_over ~ ' + ' ~ probability_under ~ ')'
            ),
            confidence_ceiling(quality_score)
        ]) }}
    end
{%- endmacro %}
