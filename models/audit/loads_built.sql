-- What the sources held when the features were last built to the end. Equal to loads_now: nothing new has come.
-- depends_on: {{ ref('feature_builds') }}
select * from {{ ref('loads_now') }}
