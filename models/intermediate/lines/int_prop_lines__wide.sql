-- The consensus lines of a player before the cut, a column group a market.
with lines as (

    select * from {{ ref('int_prop_lines__as_of') }}
    where
        market in (
            {% for market in markets() -%}
                '{{ market.name }}'{{ ',' if not loop.last }}
            {% endfor -%}
        )

),

final as (

    select
        question_id,
        player_id,
        {% for market in markets() -%}
            max(case when market = '{{ market.name }}' then line end) as {{ market.name }}_line,
            max(case when market = '{{ market.name }}' then opening_line end)
                as {{ market.name }}_opening_line,
            max(case when market = '{{ market.name }}' then over_probability end)
                as {{ market.name }}_over_probability,
            max(case
                when market = '{{ market.name }}' and books > 1 then
                    sqrt({{ safe_divide(
                    'books * line_x2_squares - line_x2_sum * line_x2_sum', '4 * books * (books - 1)'
                ) }})
            end) as {{ market.name }}_line_std,
            max(case when market = '{{ market.name }}' then books end) as {{ market.name }}_books,
        {% endfor -%}
        max(known_at) as known_at,
        max(source_load_id) as source_load_id
    from lines
    group by question_id, player_id

)

select * from final
