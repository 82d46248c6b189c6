-- Where our distribution and the books differ most tonight, and whether the line lies outside of nine tenths of it.
select
    player_name,
    team_abbreviation,
    opponent_abbreviation,
    market,
    line,
    round(predicted_value, 1) as predicted_value,
    quantile_10,
    quantile_50,
    quantile_90,
    round(probability_over, 3) as probability_over,
    round(market_over_probability, 3) as market_over_probability,
    round(probability_over - market_over_probability, 3) as difference,
    line < quantile_10 or line > quantile_90 as is_line_outside,
    recommendation
from {{ ref('todays_slate') }}
where probability_over is not null and market_over_probability is not null
order by
    abs(probability_over - market_over_probability) desc,
    player_name asc,
    market asc
