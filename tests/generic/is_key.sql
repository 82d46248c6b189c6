{# A key: never null, never twice. One query for both. #}
{% test is_key(model, column_name) %}
    select
        row_key,
        count(*) as times
    from (
        select {{ column_name }} as row_key
        from {{ model }}
    ) as keyed
    group by row_key
    having count(*) > 1 or row_key is null
{% endtest %}
