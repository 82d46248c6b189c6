{{ config(**by_game_date()) }}

-- depends_on: {{ ref('ml_feature_store') }}
-- depends_on: {{ ref('baseline_means') }}
-- depends_on: {{ ref('int_prop_lines__closing') }}
-- depends_on: {{ ref('feature_days') }}
-- depends_on: {{ ref('gate_features') }}
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

final as (

    select
        game_date,
        max(inputs_version) as inputs_version,
        max(built_as_of) as built_as_of,
        -- Behind the last cut: a closing line is of tip-off itself.
        max(coalesce(tipoff_at, nominal_cut_off_at)) as settled_at,
        count(distinct game_id) as games
    from questions
    group by game_date

)

select * from final
