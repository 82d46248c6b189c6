{{ config(materialized='view') }}

-- Where another source's line of a player and game says something else than the one that is believed.
{% set figures = box_counts() | map(attribute='name') | list + ['plus_minus', 'seconds_played'] %}
{% set texts = ['player_name', 'team_id'] %}
with box_scores as (

    select * from {{ ref('int_player_box_scores__members') }}

),

answers as (

    select * from {{ ref('int_box_scores__answers') }}

),

games as (

    select * from {{ ref('games') }}

),

believed as (

    select box_scores.*
    from box_scores
    inner join answers
        on
            box_scores.game_id = answers.game_id
            and box_scores.source = answers.source
            and answers.is_believed

),

pairs as (

    select
        others.game_id,
        others.player_id,
        others.source,
        believed.source as believed_source,
        games.game_date,
        -- a whole minute can be half a minute off
        case
            when
                abs(others.seconds_played - believed.seconds_played) <= 30
                and not (others.has_exact_seconds and believed.has_exact_seconds)
                then believed.seconds_played
            else others.seconds_played
        end as seconds_played,
        {% for name in figures if name != 'seconds_played' -%}
            others.{{ name }},
        {% endfor -%}
        {% for name in texts -%}
            others.{{ name }},
        {% endfor -%}
        others.is_home,
        {% for name in figures + texts -%}
            believed.{{ name }} as believed_{{ name }},
        {% endfor -%}
        coalesce(believed.is_home, believed.team_id = games.home_team_id) as believed_is_home
    from box_scores as others
    inner join believed
        on
            others.player_game_id = believed.player_game_id
            and others.source != believed.source
    inner join games
        on others.game_id = games.game_id

),

figures as (

    {% for name in figures + texts + ['is_home'] -%}
        select
            game_id,
            player_id,
            game_date,
            source,
            believed_source,
            '{{ name }}' as figure,
            {{ to_text(name) }} as value,
            {{ to_text('believed_' ~ name) }} as believed_value
        from pairs
        where {{ name }} != believed_{{ name }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

final as (

    select
        {{ row_id(['source', 'game_id', 'player_id', 'figure']) }} as disagreement_id,
        figures.*
    from figures

)

select * from final
