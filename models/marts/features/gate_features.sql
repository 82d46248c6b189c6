-- A feature row for every player of the context, and features that are in range, vary, are there, and are young enough.
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ in_gate_window() }}

),

players as (

    select
        game_date,
        count(*) as player_rows
    from {{ ref('upcoming_player_game_context') }}
    where {{ in_gate_window() }}
    group by game_date

),

feature_rows as (

    select
        game_date,
        count(*) as feature_rows
    from features
    group by game_date

),

{{ profiled_features('features') }},

ages as (

    {{ input_ages() }}

),

measured as (

    select
        'every_context_player_has_a_feature_row' as metric,
        cast(null as {{ dbt.type_string() }}) as subject,
        players.game_date,
        {{ safe_divide('coalesce(feature_rows.feature_rows, 0)', 'players.player_rows') }} as value
    from players
    left join feature_rows
        on players.game_date = feature_rows.game_date
    union all
    {{ offenders(
        'no_feature_knows_anything_younger_than_its_cut',
        'features',
        'inputs_known_at >= cut_off_at or cut_off_at > tipoff_at or cut_off_at > built_as_of'
        ~ ' or cut_off_at is null'
    ) }}
    union all
    select
        'every_feature_is_within_its_contract' as metric,
        feature as subject,
        game_date,
        rows_beyond as value
    from profiles
    union all
    select
        'no_feature_is_constant_over_a_full_slate' as metric,
        feature as subject,
        game_date,
        largest - smallest as value
    from profiles
    where varies and known_rows >= 100
    union all
    select
        'no_feature_is_missing_for_everybody' as metric,
        feature as subject,
        game_date,
        1 - {{ safe_divide('known_rows', 'settled_rows') }} as value
    from profiles
    where is_always_known and settled_rows >= 20
    union all
    select
        metric,
        subject,
        game_date,
        value
    from ages

),

{{ judged_gate('features') }}

select * from judged
