-- Everybody of tonight's slate, and every name that a book offers: forecast, or not and why, in words.
-- depends_on: {{ ref('gate_predictions') }}
with coverage as (

    select * from {{ ref('prediction_coverage') }}

),

games as (

    select * from {{ ref('games') }}

),

players as (

    select * from {{ ref('players') }}

),

teams as (

    select * from {{ ref('teams') }}

),

final as (

    select
        coverage.coverage_id,
        coverage.game_date,
        coverage.game_id,
        games.tipoff_at,
        coverage.player_id,
        coalesce(players.player_name, coverage.quoted_name) as player_name,
        teams.abbreviation as team_abbreviation,
        coverage.has_prop_line,
        coverage.markets_predicted,
        coverage.reason,
        case coverage.reason
            when 'PREDICTED' then 'forecast'
            when 'PLAYER_OUT' then 'ruled out'
            when 'NO_HISTORY' then 'no game of his is known to learn from'
            when 'UNUSABLE_INPUTS' then 'what is known of him is too little to forecast from'
            when 'NAME_UNRESOLVED' then 'the books write a name that fits no player we know'
            when 'NOT_IN_PLAYER_CONTEXT' then 'a book offers him, but no roster of his game does'
            when 'NOT_FORECAST' then 'no run was asked to forecast him since he came to the slate'
            else coverage.reason
        end as reason_text
    from coverage
    inner join games
        on coverage.game_id = games.game_id
    left join players
        on coverage.player_id = players.player_id
    left join teams
        on coverage.team_id = teams.team_id

)

select * from final
