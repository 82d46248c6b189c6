{#
    Half the width of the 95 % interval of sum(x) / sum(y) over days, a day taken as one draw (games of a day are not independent).
    x, y: a day's sums; total_x, total_y: theirs over all days, the same in every row of the group. Null with a single day.
#}
{% macro clustered_margin(x, y, total_x, total_y) -%}
    1.96 * sqrt({{ safe_divide(
        'count(*) * sum(power(' ~ x ~ ' - ' ~ safe_divide(total_x, total_y) ~ ' * ' ~ y ~ ', 2))',
        'count(*) - 1'
    ) }}) / max({{ total_y }})
{%- endmacro %}
