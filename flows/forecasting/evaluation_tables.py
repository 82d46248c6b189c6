"""The tables of the dataset `raw_evaluations`, declared once: columns, keys, way of writing."""

from __future__ import annotations

from loaders.tables import Column, RawTable

EVALUATION_ID = Column("evaluation_id", "text", "Evaluation; joins `evaluations`.")
MARKET = Column("market", "text", "points, rebounds, assists or threes.")

EVALUATIONS = RawTable(
    name="evaluations",
    description="A walk-forward evaluation a row: what was asked of it, and whether it is done.",
    columns=(
        Column("evaluation_id", "text", "Hash of all that determines its numbers."),
        Column("season", "text", "Season that is scored, as 2024-25."),
        Column("start_date", "date", "First game date (Eastern) that is scored."),
        Column("end_date", "date", "Last game date (Eastern) that is scored."),
        Column("is_whole_season", "bool", "Whether no game date of the season was left out."),
        Column("markets", "text", "Markets, joined by a bar."),
        Column("information_set", "text", "What the forecasts know: BASE, TIP or LINE."),
        Column(
            "is_ceiling", "bool", "Whether absences are those of who did not play: a ceiling."
        ),
        Column("features_hash", "text", "Hash of the ordered feature names."),
        Column("parameters", "text", "Training parameters, as a JSON object."),
        Column("code_version", "text", "Hash of the code that forecasts and scores."),
        Column("examples_hash", "text", "Hash of what the examples are: rows, loads, results."),
        Column("git_sha", "text", "Commit of the project; null outside a git checkout."),
        Column("run_id", "text", "Run that finished it, or took it up last."),
        Column("started_at", "timestamp", "When it was first begun (UTC)."),
        Column("finished_at", "timestamp", "When its last block stood (UTC); null before."),
        Column("player_games", "bigint", "Player-games in the window that are scored."),
    ),
    key=("evaluation_id",),
    strategy="upsert",
)
BLOCKS = RawTable(
    name="blocks",
    description="A block of an evaluation and market a row, entered with the block's scores.",
    columns=(
        EVALUATION_ID,
        MARKET,
        Column("block_start", "date", "First game date (Eastern) of the block."),
        Column("block_end", "date", "Last game date (Eastern) of the block."),
        Column("rows_scored", "bigint", "Player-games of the block."),
        Column("training_rows", "bigint", "Player-games that its model was trained on."),
        Column("training_end_date", "date", "Last game date (Eastern) of those."),
        Column("max_result_known_at", "timestamp", "When the last of their results came (UTC)."),
        Column("model_version", "text", "Hash of all that determines the model."),
        Column("seconds", "double", "How long training and scoring took."),
    ),
    key=("evaluation_id", "market", "block_start"),
    strategy="upsert",
)
SCORES = RawTable(
    name="scores",
    description="A row an evaluation, market, system, player and game: a forecast and its scores.",
    columns=(
        EVALUATION_ID,
        MARKET,
        Column("system", "text", "Forecasting system, or a number of the market."),
        Column("player_id", "text", "Player."),
        Column("game_id", "text", "Game."),
        Column("game_date", "date", "Eastern calendar date of the game."),
        Column("mean", "double", "Expected value, in the market's unit."),
        Column("variance", "double", "Variance; null of a point forecast."),
        Column("median", "double", "Median of the distribution; of a point forecast the point."),
        Column("actual", "double", "What happened."),
        Column("absolute_error", "double", "Median less actual, without its sign."),
        Column("mean_error", "double", "Mean less actual."),
        Column("pinball", "double", "Pinball loss, averaged over the levels .05 to .95."),
        Column("crps", "double", "Continuous ranked probability score, exact for counts."),
        Column("is_within_50", "bool", "Whether the central 50 % interval holds the outcome."),
        Column("is_within_80", "bool", "Whether the central 80 % interval holds the outcome."),
        Column("is_within_90", "bool", "Whether the central 90 % interval holds the outcome."),
        Column("pit_low", "double", "Forecast probability of less than what happened."),
        Column("pit_high", "double", "Forecast probability of what happened or less."),
        Column("expected_minutes", "double", "Weighted mean of his minutes, as of before."),
        Column("is_home", "bool", "His team plays at home."),
        Column("is_compared", "bool", "Whether every system but the market has a value."),
        Column("line", "double", "Consensus line before tip-off; null without one."),
        Column("over_probability", "double", "The system's P(over) at the line, given no push."),
        Column("push_probability", "double", "The system's P(outcome is the line)."),
        Column("market_probability", "double", "The market's P(over), without overround."),
        Column("over_price", "bigint", "Best American price of the over at the line."),
        Column("under_price", "bigint", "Best American price of the under at the line."),
        Column("over_bookmaker", "text", "Bookmaker with the best price of the over."),
        Column("under_bookmaker", "text", "Bookmaker with the best price of the under."),
        Column("is_line_newer", "bool", "Whether the line is as new as what the forecast knows."),
    ),
    key=("evaluation_id", "market", "system", "player_id", "game_id"),
    strategy="insert-only",
    partition="game_date",
    cluster=("evaluation_id", "market", "system"),
)
FEATURE_GROUPS = RawTable(
    name="feature_groups",
    description="A row an evaluation, market and choice of features: what a group buys.",
    columns=(
        EVALUATION_ID,
        MARKET,
        Column("choice", "text", "all, without (the group), core or core_with (the group)."),
        Column("feature_group", "text", "Group of the feature contract; empty of all and core."),
        Column("features", "bigint", "Features that the models read."),
        Column("rows_scored", "bigint", "Player-games that are scored."),
        Column("mae_median", "double", "Mean absolute error of the median."),
        Column("crps", "double", "Continuous ranked probability score."),
        Column("seconds", "double", "How long training and scoring took."),
    ),
    key=("evaluation_id", "market", "choice", "feature_group"),
    strategy="upsert",
)
VERDICTS = RawTable(
    name="verdicts",
    description="A row an evaluation and bar: what was measured, and what the bar says of it.",
    columns=(
        Column("verdict_id", "text", "Evaluation and bar."),
        EVALUATION_ID,
        Column("bar", "text", "Bar, as the seed evaluation_bars names it."),
        Column("information_set", "text", "What the forecasts know: BASE, TIP or LINE."),
        Column("is_ceiling", "bool", "Whether it was measured on a ceiling."),
        Column("figure", "text", "What is measured."),
        Column("value", "double", "What was measured."),
        Column("alarm_below", "double", "Below it the figure cannot be honest."),
        Column("verdict", "text", "alarm, excellent, must or missed."),
        Column("run_id", "text", "Run that measured it."),
        Column("told_at", "timestamp", "When it was measured (UTC)."),
    ),
    key=("verdict_id",),
    strategy="upsert",
)
EVALUATION_TABLES = (EVALUATIONS, BLOCKS, SCORES, FEATURE_GROUPS, VERDICTS)
