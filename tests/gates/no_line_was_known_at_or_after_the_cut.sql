-- Neither the cut of its question nor tip-off: a line of a running game knows how it goes.
select lines.line_id
from {{ ref('int_prop_lines__as_of') }} as lines
inner join {{ ref('int_games__to_build') }} as questions
    on lines.question_id = questions.question_id
where
    lines.known_at is null
    or lines.known_at >= questions.cut_off_at
    or lines.known_at >= questions.tipoff_at
