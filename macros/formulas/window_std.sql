{#
    Sample standard deviation from integer sums, in doubles only at the end. Null below two values.
    greatest() is safe here: rounding can leave a tiny negative, never a null beside a value.
#}
{% macro window_std(total, squares, n) -%}
    case
        when {{ n }} > 1
            then sqrt(greatest(0.0, {{ safe_divide(
                n ~ ' * ' ~ squares ~ ' - ' ~ total ~ ' * ' ~ total, n ~ ' * (' ~ n ~ ' - 1)'
            ) }}))
    end
{%- endmacro %}
