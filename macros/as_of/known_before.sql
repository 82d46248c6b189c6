{#
    The one cut between what a row may know and what it may not: strictly before its own cut-off, and before tip-off.
    A fact without a time counts as known at tip-off, so it never passes.
#}
{% macro known_before(known_at, cut_off_at, tipoff_at) -%}
    (coalesce({{ known_at }}, {{ tipoff_at }}) < {{ least_known([cut_off_at, tipoff_at]) }})
{%- endmacro %}
