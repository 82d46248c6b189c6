"""The tables of the dataset `raw_forecasts`, declared once: columns, keys, way of writing."""

from __future__ import annotations

from loaders.tables import Column, RawTable

MODEL_VERSIONS = RawTable(
    name="model_versions",
    description="A trained model a row: the mean model of one market and information set.",
    columns=(
        Column("model_version", "text", "Hash of all that determines the model."),
        Column("market", "text", "points, rebounds, assists or threes."),
        Column("information_set", "text", "What the model knows: BASE, TIP or LINE."),
        Column("trained_as_of", "timestamp", "Instant before which all examples were known (UTC)."),
        Column("trained_at", "timestamp", "When the model was trained (UTC)."),
        Column("train_start_date", "date", "First game date (Eastern) of the examples."),
        Column("train_end_date", "date", "Last game date (Eastern) of the examples."),
        Column("n_rows", "bigint", "Number of training examples."),
        Column("feature_list", "text", "Feature names in the model's order, as a JSON array."),
        Column("feature_list_hash", "text", "Hash of feature_list."),
        Column("parameters", "text", "Training parameters, as a JSON object."),
        Column("variance_law", "text", "a, b, c of a + b m + c m^2 and min_mean, as JSON."),
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
    description="A forecast a row (run, player, game, market, information set); never changed.",
    columns=(
        Column(
            "forecast_id", "text", "Hash of run, player, game, market, information set and system."
        ),
        Column("run_id", "text", "Run that made the forecast."),
        Column("system", "text", "Forecasting system: catboost."),
        Column("run_mode", "text", "live or replay."),
        Column("as_of", "timestamp", "Instant before which all that it rests on was known (UTC)."),
        Column("created_at", "timestamp", "When the forecast was made (UTC)."),
        Column("player_id", "text", "Player."),
        Column("game_id", "text", "Game."),
        Column("game_date", "date", "Eastern calendar date of the game."),
        Column("information_set", "text", "What the forecast knows: BASE, TIP or LINE."),
        Column("cut_off_at", "timestamp", "Cut-off of the features that it rests on (UTC)."),
        Column("market", "text", "points, rebounds, assists or threes."),
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
FORECAST_DISTRIBUTIONS = RawTable(
    name="forecast_distributions",
    description="Distribution of a forecast, a row a value, until nothing worth a row is left.",
    columns=(
        Column("row_key", "text", "forecast_id and value, joined by a colon."),
        Column("forecast_id", "text", "Forecast."),
        Column("game_date", "date", "Eastern calendar date of the game."),
        Column("value", "bigint", "Outcome: 0, 1, 2, ..."),
        Column("cumulative_probability", "double", "Probability of this outcome or a lower one."),
    ),
    key=("row_key",),
    strategy="insert-only",
    partition="game_date",
    cluster=("forecast_id",),
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
FORECAST_TABLES = (MODEL_VERSIONS, FORECASTS, FORECAST_DISTRIBUTIONS, FORECAST_DRIVERS)
