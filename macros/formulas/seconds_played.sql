{#
    Seconds from a feed's text of minutes: "37", "05", "30:49", "30.000000:49", "PT25M01.00S", of
    which a part of a second is cut off. Blank is no time at all. A text of another form is null,
    and the test every_minutes_text_is_understood names it.
#}
{% macro seconds_played(minutes) -%}
    {%- set text = 'trim(' ~ minutes ~ ')' -%}
    {%- set colon = dbt.split_part(text, "':'", 1) -%}
    {%- set clock = "replace(" ~ text ~ ", 'PT', '')" -%}
    {%- set of_clock = dbt.split_part(clock, "'M'", 2) -%}
    case
        when trim(coalesce({{ minutes }}, '')) = '' then 0
        when {{ is_match(text, '[0-9]+') }} then 60 * {{ try_cast(text, dbt.type_bigint()) }}
        when {{ is_match(text, '[0-9]+([.]0+)?:[0-9]{2}') }}
            then
                60 * {{ try_cast(dbt.split_part(colon, "'.'", 1), dbt.type_bigint()) }}
                + {{ try_cast(dbt.split_part(text, "':'", 2), dbt.type_bigint()) }}
        when {{ is_match(text, 'PT[0-9]+M[0-9]{2}[.][0-9]+S') }}
            then
                60 * {{ try_cast(dbt.split_part(clock, "'M'", 1), dbt.type_bigint()) }}
                + {{ try_cast(dbt.split_part(of_clock, "'.'", 1), dbt.type_bigint()) }}
    end
{%- endmacro %}
