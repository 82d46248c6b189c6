-- Where the books moved most: the first line seen and the last before the cut, a row a player and market.
select
    players.player_name,
    lines.market,
    lines.opening_line,
    lines.line,
    lines.line - lines.opening_line as moved,
    lines.books
from {{ ref('int_prop_lines__as_of') }} as lines
inner join {{ ref('int_games__to_build') }} as questions
    on lines.question_id = questions.question_id
inner join {{ ref('players') }} as players
    on lines.player_id = players.player_id
where questions.information_set = 'LINE'
order by abs(lines.line - lines.opening_line) desc, players.player_name asc
