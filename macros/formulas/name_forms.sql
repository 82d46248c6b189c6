{#
    Whether a name is given by an initial that fits a player: "J. Green", "G Antetokounmpo"; turned round "Martin Jr. K.".
    key: the spelling as a join key; name: the spelling; player_key: the player's own join key. Many players may fit.
#}
{% macro fits_initial(name, key, turned_key, player_key) -%}
    (
        ({{ is_match(name, '[A-Za-z][.]?\\s.*') }} and {{ begins_and_ends_like(player_key, key) }})
        or ({{ is_match(name, '.*[\\s,][A-Za-z][.]?') }} and {{ begins_and_ends_like(player_key, turned_key) }})
    )
{%- endmacro %}

{% macro begins_and_ends_like(player_key, key) -%}
    substr({{ player_key }}, 1, 1) = substr({{ key }}, 1, 1)
    and length({{ key }}) > 2
    and {{ player_key }} like '_%' || substr({{ key }}, 2)
{%- endmacro %}
