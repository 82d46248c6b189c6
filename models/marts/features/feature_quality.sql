{{ config(materialized='view') }}

-- How good the inputs of a feature row are: the worst of the box scores it looks back on, less what is missing beside them.
with context as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ every_game_date() }}

),

zones as (

    select * from {{ ref('player_shot_zone_analysis') }}
    where {{ every_game_date() }}

),

impacts as (

    select
        {% for need in ['injuries', 'prop_lines', 'game_lines', 'shot_zones'] -%}
            max(case when need = '{{ need }}' then quality_impact end) as {{ need }},
        {% endfor -%}
        count(*) as needs
    from {{ ref('source_requirements') }}

),

judged as (

    select
        context.player_question_id as feature_row_id,
        context.player_id,
        context.game_id,
        context.game_date,
        context.form_quality,
        case when context.teammates_out is null then impacts.injuries else 0 end as injuries,
        case when context.has_prop_line then 0 else impacts.prop_lines end as prop_lines,
        case when context.spread is null then impacts.game_lines else 0 end as game_lines,
        case when zones.paint_share_last_10 is null then impacts.shot_zones else 0 end
            as shot_zones
    from context
    cross join impacts
    left join zones
        on context.player_game_id = zones.player_game_id

),

scored as (

    select
        *,
        form_quality - injuries - prop_lines - game_lines - shot_zones as quality_score
    from judged

),

final as (

    select
        feature_row_id,
        player_id,
        game_id,
        game_date,
        form_quality,
        quality_score,
        {{ quality_tier('quality_score') }} as quality_tier,
        {{ joined_issues([
            "case when form_quality < 100 then 'box scores of ' || " ~ to_text('form_quality') ~ " end",
            "case when injuries > 0 then 'no injury report' end",
            "case when prop_lines > 0 then 'no prop line' end",
            "case when game_lines > 0 then 'no game line' end",
            "case when shot_zones > 0 then 'no shot zones' end",
        ]) }} as quality_issues
    from scored

)

select * from final
