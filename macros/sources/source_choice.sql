{#
    1 for the answer that is believed: of those about the same thing a complete one before the others, then that of the best source.
    about: column of what the answers are about.
    is_complete: SQL; true where nothing is missing in the answer.
    tie: column that decides between two answers of one source.
#}
{% macro source_choice(about, is_complete, tie) -%}
    row_number() over (
        partition by {{ about }}
        order by case when {{ is_complete }} then 0 else 1 end asc, source_rank asc, {{ tie }} asc
    )
{%- endmacro %}
