"""The tables of the dataset `raw_forecasts`, declared once: columns, keys, way of writing."""

from __future__ import annotations

from loaders.tables import Column, RawTable

MODEL_VERSIONS = RawTable(
    name="model_versions",
    description="A trained model a row: of one system, market and information set.",
    columns=(
        Column("model_version", "text", "Hash of all that determines the model."),
        Column("system", "text", "Forecasting system; `sums` for what joins markets to a sum."),
        Column("market", "text", "One of the four markets, or a sum of them."),
        Column("information_set", "text", "What the model knows: BASE, TIP or LINE."),
        Column("trained_as_of", "timestamp", "Instant before which all examples were known (UTC)."),
        Column("trained_at", "timestamp", "When the model was trained (UTC)."),
        Column("train_start_date", "date", "First game date (Eastern) of the examples."),
        Column("train_end_date", "date", "Last game date (Eastern) of the examples."),
        Column("n_rows", "bigint", "Number of training examples."),
        Column("feature_list", "text", "Feature names in the model's order, as a JSON array."),
        Column("feature_list_hash", "text", "Hash of feature_list."),
        Column("parameters", "text", "Training parameters, as a JSON object."),
        Column(
            "variance_law",
            "text",
            "a, b, c, min_mean of a + b m + c m^2, as JSON; null of a sum.",
        ),
        Column("library_versions", "text", "Versions of the libraries that trained it, as JSON."),
        Column("git_sha", "text", "Commit of the project that trained it; null if unknown."),
        Column("max_source_load_id", "text", "Latest load that the examples rest on."),
        Column("metrics", "text", "Scores on the held-out last rows, as a JSON object."),
    ),
    key=("model_version",),
    strategy="upsert",
)
FORECASTS = RawTable(
    name="forecasts",
    description="A forecast a row (run, player, game, market, set, system); never changed.",
    columns=(
        Column(
            "forecast_id", "text", "Hash of run, player, game, market, information set and system."
        ),
        Column("run_id", "text", "Run that made the forecast."),
        Column("system", "text", "Forecasting system, as the seed `systems` names it."),
        Column("run_mode", "text", "live or replay."),
        Column("as_of", "timestamp", "Instant before which all that it rests on was known (UTC)."),
        Column("created_at", "timestamp", "When the forecast was made (UTC)."),
        Column("player_id", "text", "Player."),
        Column("game_id", "text", "Game."),
        Column("game_date", "date", "Eastern calendar date of the game."),
        Column("information_set", "text", "What the forecast knows: BASE, TIP or LINE."),
        Column("cut_off_at", "timestamp", "Cut-off of the features that it rests on (UTC)."),
        Column("market", "text", "One of the four markets, or a sum of them."),
        Column("model_version", "text", "Model that made it."),
        Column("mean", "double", "Expected value, in the market's unit."),
        Column("variance", "double", "Variance of the outcome, in the market's unit squared."),
        Column("feature_source_load_id", "text", "Latest load that the features rest on."),
        Column("quality_score", "bigint", "How good its inputs are, 0 to 100; null where unknown."),
        Column("quality_issues", "text", "What they lack, joined by a bar; null where nothing."),
        Column("input_hash", "text", "Hash of all that was known of the player when it was made."),
    ),
    key=("forecast_id",),
    strategy="insert-only",
    partition="game_date",
    cluster=("player_id", "market"),
)
MODEL_HOLDOUTS = RawTable(
    name="model_holdouts",
    description="A held-out day of a model a row: what it missed by on days that it had not seen.",
    columns=(
        Column("model_version", "text", "Model."),
        Column("game_date", "date", "Eastern calendar date of the games."),
        Column("n_rows", "bigint", "Player-games of the day."),
        Column("outcomes", "bigint", "Sum of their outcomes; tells whether two days are the same."),
        Column("absolute_error", "bigint", "Sum of the mean's absolute errors, in millionths."),
    ),
    key=("model_version", "game_date"),
    strategy="insert-only",
)
MODEL_PROMOTIONS = RawTable(
    name="model_promotions",
    description="A decision a row about which model forecasts a market; never changed.",
    columns=(
        Column("promotion_id", "text", "Instant of the decision (UTC) and a random suffix."),
        Column("promoted_at", "timestamp", "When it was decided (UTC)."),
        Column("market", "text", "points, rebounds, assists or threes."),
        Column("information_set", "text", "What the model knows: BASE, TIP or LINE."),
        Column("model_version", "text", "Model that forecasts from now on."),
        Column("previous_version", "text", "Model that did until now; null where there was none."),
        Column("action", "text", "promote, rollback or pin."),
        Column("reason", "text", "Why, in the words of who decided."),
        Column("evidence", "text", "What the models were compared by, as a JSON array."),
    ),
    key=("promotion_id",),
    strategy="insert-only",
)
FORECAST_DRIVERS = RawTable(
    name="forecast_drivers",
    description="What moved a forecast's mean most, a row a feature, from the model's SHAP values.",
    columns=(
        Column("driver_key", "text", "forecast_id and rank, joined by a colon."),
        Column("forecast_id", "text", "Forecast."),
        Column("game_date", "date", "Eastern calendar date of the game."),
        Column("driver_rank", "bigint", "1 moved the mean most."),
        Column("feature", "text", "Name of the feature."),
        Column("value", "double", "Its value; null where it was not known."),
        Column("contribution", "double", "How far it moved the mean, in the market's unit."),
    ),
    key=("driver_key",),
    strategy="insert-only",
    partition="game_date",
    cluster=("forecast_id",),
)
FORECAST_TABLES = (
    MODEL_VERSIONS,
    FORECASTS,
    MODEL_HOLDOUTS,
    MODEL_PROMOTIONS,
    FORECAST_DRIVERS,
)
