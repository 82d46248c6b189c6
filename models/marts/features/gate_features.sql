-- A feature row for every player of the context, and features that are in range, vary, are there, and are young enough.
with features as (

    select * from {{ ref('ml_feature_store') }}
    where {{ in_gate_window() }}

),

player_dates as (

    select
        game_date,
        count(*) as player_rows,
        0 as feature_rows
    from {{ ref('upcoming_player_game_context') }}
    where {{ in_gate_window() }}
    group by game_date
    union all
    select
        game_date,
        0 as player_rows,
        count(*) as feature_rows
    from features
    group by game_date

),

{{ profiled_features('features') }},

ages as (

    {{ input_ages() }}

),

measured as (

    {{ measure(
        'every_context_player_has_a_feature_row',
        'player_dates',
        safe_divide('sum(feature_rows)', 'sum(player_rows)')
    ) }}
    union all
    {{ offenders(
        'no_feature_knows_anything_younger_than_its_cut',
        'features',
        'inputs_known_at >= cut_off_at or cut_off_at > tipoff_at or cut_off_at > built_as_of'
        ~ ' or cut_off_at is null'
    ) }}
    union all
    {{ measure(
        'every_feature_is_within_its_contract', 'profiles', 'max(rows_beyond)', subject='feature'
    ) }}
    union all
    {{ measure(
        'no_feature_is_constant_over_a_full_slate',
        'profiles',
        'max(spread)',
        where='varies and known_rows >= 100',
        subject='feature'
    ) }}
    union all
    {{ measure(
        'no_feature_is_missing_for_everybody',
        'profiles',
        '1 - ' ~ safe_divide('max(known_rows)', 'max(settled_rows)'),
        where='is_always_known and settled_rows >= 20',
        subject='feature'
    ) }}
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
