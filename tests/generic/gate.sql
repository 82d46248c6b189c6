{#
    A metric of a gate holds on every date and subject. What is empty or in error blocks what lies behind; what warns or is
    waived is said. dbt counts the worst level: 1 warns, 2 blocks. The var gate_severity stands in the SQL, which every build
    compiles anew; a config would keep what it was when the project was parsed.
#}
{% test gate(model, metric) %}
    {{ config(fail_calc='coalesce(max(level), 0)', warn_if='>= 1', error_if='>= 2') }}
    select
        metric,
        subject,
        game_date,
        value,
        warn_threshold,
        error_threshold,
        status,
        case
            when status in ('error', 'empty') and '{{ var("gate_severity") }}' != 'warn' then 2
            else 1
        end as level
    from {{ model }}
    where metric = '{{ metric }}' and status != 'pass'
{% endtest %}
