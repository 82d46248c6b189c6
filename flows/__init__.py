"""Between the loaders, dbt, the forecasting code and a person at a terminal."""
