{{ config(severity='warn') }}

-- Less than nine names in ten: a feed has changed how it writes names, or box scores are missing.
-- A price under a name that is not known is no line.
select
    count(*) as names,
    count(player_id) as known_names
from {{ ref('int_prop_names__resolved') }}
having 10 * count(player_id) < 9 * count(*)
