with team_box_scores as (

    select * from {{ source('nba_com', 'team_box_scores') }}

),

final as (

    select
        game_id as source_game_id,
        {{ to_text('team_id') }} as source_team_id,
        'nba_com' as source,
        -- Blank is no time for a player; a team without minutes was not told.
        case
            when trim(minutes) != ''
                then cast({{ seconds_played('minutes') }} / 60 as {{ dbt.type_bigint() }})
        end as minutes,
        {% for count in box_counts() -%}
            {{ count.name }},
        {% endfor -%}
        _dlt_load_id as source_load_id,
        {{ load_instant('_dlt_load_id') }} as loaded_at
    from team_box_scores

)

select * from final
