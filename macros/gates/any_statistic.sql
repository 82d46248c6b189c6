{# Whether a row counts anything at all. #}
{% macro anything_counted() -%}
    {%- set counts = [] -%}
    {%- for count in box_counts() -%}{%- do counts.append('coalesce(' ~ count.name ~ ', 0)') -%}{%- endfor -%}
    ({{ counts | join(' + ') }} > 0)
{%- endmacro %}

{# Whether some statistic of a player's row is known (it must not be, of who did not play), or some count is not. #}
{% macro any_statistic(is_known) -%}
    {%- set tested = [] -%}
    {%- for count in box_counts() -%}
        {%- do tested.append(count.name ~ (' is not null' if is_known else ' is null')) -%}
    {%- endfor -%}
    {%- if is_known -%}
        {%- do tested.extend(
            ['seconds_played is not null', 'plus_minus is not null', 'usage_rate is not null']) -%}
    {%- endif -%}
    ({{ tested | join(' or ') }})
{%- endmacro %}
