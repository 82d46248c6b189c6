-- The work list of a build: (game, information set) of every game date whose features are missing, stale, unsettled or due.
with games as (

    select * from {{ ref('games') }}
    where is_franchise_game and status != 'postponed'

),

inputs as (

    select * from {{ ref('int_dates__inputs') }}

),

information_sets as (

    select * from {{ ref('information_sets') }}

),

builds as (

    {{ stored_feature_builds() }}

),

dates as (

    select
        inputs.game_date,
        inputs.inputs_version
    from inputs
    left join builds
        on inputs.game_date = builds.game_date
    where
        inputs.game_date <= {{ add_days(slate_date(), 1) }}
        and (
            builds.game_date is null
            or builds.inputs_version is distinct from inputs.inputs_version
            -- The slate is built anew by every run; what a run left unsettled, the next one settles.
            or inputs.game_date >= {{ slate_date() }}
            or {{ is_to_be_rebuilt('inputs.game_date') }}
            or (builds.built_as_of < builds.settled_at and builds.built_as_of < {{ as_of() }})
        )

),

cut as (

    select
        games.game_id,
        games.game_date,
        games.tipoff_at,
        games.season,
        games.season_type,
        games.is_countable,
        games.home_team_id,
        games.away_team_id,
        information_sets.information_set,
        dates.inputs_version,
        case information_sets.anchor
            when 'game_day' then {{ eastern_instant(
                'games.game_date', 'information_sets.offset_minutes / 60'
            ) }}
            else {{ add_minutes('games.tipoff_at', 'information_sets.offset_minutes') }}
        end as nominal_cut_off_at
    from games
    inner join dates
        on games.game_date = dates.game_date
    cross join information_sets

),

final as (

    select
        {{ row_id(['game_id', 'information_set']) }} as question_id,
        *,
        {{ least_known(['nominal_cut_off_at', 'tipoff_at', as_of()]) }} as cut_off_at,
        {{ as_of() }} as built_as_of
    from cut

)

select * from final
