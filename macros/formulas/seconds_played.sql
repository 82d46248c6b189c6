{#
    Seconds from a feed's text of minutes: "37", "05", "30:49". Blank is no time at all.
    A text of another form is null, and the test every_minutes_text_is_understood names it.
#}
{% macro seconds_played(minutes) -%}
    case
        when trim(coalesce({{ minutes }}, '')) = '' then 0
        when {{ is_match('trim(' ~ minutes ~ ')', '[0-9]+') }}
            then 60 * {{ try_cast('trim(' ~ minutes ~ ')', dbt.type_bigint()) }}
        when {{ is_match('trim(' ~ minutes ~ ')', '[0-9]+:[0-9]{2}') }}
            then
                60 * {{ try_cast(dbt.split_part('trim(' ~ minutes ~ ')', "':'", 1), dbt.type_bigint()) }}
                + {{ try_cast(dbt.split_part('trim(' ~ minutes ~ ')', "':'", 2), dbt.type_bigint()) }}
    end
{%- endmacro %}
