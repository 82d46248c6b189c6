with team_box as (

    select * from {{ source('archive', 'team_box') }}

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        'nba' as source,
        cast(minutes as {{ dbt.type_bigint() }}) as minutes,
        {% for count in box_counts() -%}
            cast({{ count.archive }} as {{ dbt.type_bigint() }}) as {{ count.name }},
        {% endfor -%}
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from team_box

)

select * from final
