{{ config(
    post_hook="{{ drop_vanished_dates(ref('games')) }}",
    **by_game_date(['player_id'], is_large=true),
) }}

{% set is_to_build = game_dates_to_build() %}
-- depends_on: {{ ref('gate_context') }}
-- Hand-made scores of the situation, each on its declared scale; a missing input leaves its score null.
with questions as (

    select * from {{ ref('int_games__to_build') }}

),

players as (

    select * from {{ ref('upcoming_player_game_context') }}
    where {{ is_to_build }}

),

cache as (

    select * from {{ ref('player_daily_cache') }}
    where {{ is_to_build }}

),

shots as (

    select * from {{ ref('player_shot_zone_analysis') }}
    where {{ is_to_build }}

),

defenses as (

    select * from {{ ref('team_defense_zone_analysis') }}
    where {{ is_to_build }}

),

inputs as (

    select
        players.player_question_id,
        players.question_id,
        players.player_id,
        players.game_id,
        players.game_date,
        players.information_set,
        players.cut_off_at,
        players.is_back_to_back,
        players.days_rest,
        players.games_in_last_7_days,
        players.minutes_in_last_7_days,
        players.back_to_backs_last_14_days,
        {{ safe_divide('players.minutes_in_last_7_days', 'players.games_in_last_7_days') }}
            as minutes_a_game_last_7_days,
        players.pace_differential,
        players.stars_out,
        cache.usage_rate_last_5,
        cache.usage_rate_last_10,
        case shots.primary_zone
            when 'paint' then defenses.paint_vs_league
            when 'mid_range' then defenses.mid_range_vs_league
            when 'perimeter' then defenses.three_vs_league
        end as zone_vs_league,
        case shots.primary_zone
            when 'paint' then shots.paint_share_last_10
            when 'mid_range' then shots.mid_range_share_last_10
            when 'perimeter' then shots.three_share_last_10
        end as zone_share,
        players.source_load_id
    from players
    inner join questions
        on players.question_id = questions.question_id
    left join cache
        on players.player_game_id = cache.player_game_id
    left join shots
        on players.player_game_id = shots.player_game_id
    left join defenses
        on
            players.question_id = defenses.question_id
            and players.opponent_team_id = defenses.team_id

),

scored as (

    select
        *,
        {{ fatigue_score(
            'is_back_to_back', 'days_rest', 'games_in_last_7_days', 'minutes_in_last_7_days',
            'minutes_a_game_last_7_days', 'back_to_backs_last_14_days'
        ) }} as fatigue_score,
        {{ shot_zone_mismatch('zone_vs_league', 'zone_share') }} as shot_zone_mismatch_score,
        {{ clamp('pace_differential / 2', 3) }} as pace_score,
        {{ usage_spike('usage_rate_last_5', 'usage_rate_last_10', 'stars_out') }}
            as usage_spike_score
    from inputs

),

final as (

    select
        player_question_id,
        question_id,
        player_id,
        game_id,
        game_date,
        information_set,
        cut_off_at,
        fatigue_score,
        (fatigue_score - 100) / 20 as fatigue_adjustment,
        shot_zone_mismatch_score,
        pace_score,
        usage_spike_score,
        -- A score that cannot be known adds nothing; all of them unknown is no total.
        case
            when
                fatigue_score is not null or shot_zone_mismatch_score is not null
                or pace_score is not null or usage_spike_score is not null
                then
                    coalesce((fatigue_score - 100) / 20, 0) + coalesce(shot_zone_mismatch_score, 0)
                    + coalesce(pace_score, 0) + coalesce(usage_spike_score, 0)
        end as total_adjustment,
        source_load_id
    from scored

)

select * from final
