{#
    For every question the latest fact that was known before its cut-off: an as-of join that both engines can run.
    Facts and questions of one key stand in one stream ordered by time; at the same instant the question comes first,
    so that the cut is strict.

    facts, questions: CTE names; key: column both share; fact_at, question_at: instants; fact_id: what is carried over;
    question_id: key of the questions; fact_order: breaks ties between facts of one instant.
    Gives (question_id, fact_id), one row a question, fact_id null where nothing was known.
#}
{% macro latest_known(facts, questions, key, fact_at, question_at, fact_id, question_id, fact_order=none) %}
    (
        select
            question_id as {{ question_id }},
            known_fact_id as {{ fact_id }}
        from (
            select
                question_id,
                last_value(fact_id ignore nulls) over (
                    partition by stream_key
                    order by stream_at asc nulls last, is_fact asc, fact_order asc, fact_id asc
                    rows between unbounded preceding and current row
                ) as known_fact_id
            from (
                select
                    {{ key }} as stream_key,
                    {{ fact_at }} as stream_at,
                    1 as is_fact,
                    {{ fact_order if fact_order else '0' }} as fact_order,
                    {{ to_text(fact_id) }} as fact_id,
                    cast(null as {{ dbt.type_string() }}) as question_id
                from {{ facts }}
                union all
                select
                    {{ key }} as stream_key,
                    {{ question_at }} as stream_at,
                    0 as is_fact,
                    0 as fact_order,
                    cast(null as {{ dbt.type_string() }}) as fact_id,
                    {{ to_text(question_id) }} as question_id
                from {{ questions }}
            ) as stream
        ) as answered
        where question_id is not null
    )
{% endmacro %}
