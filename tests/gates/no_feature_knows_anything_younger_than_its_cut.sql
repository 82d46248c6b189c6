-- Nor does a cut lie behind tip-off, or behind the instant of the build.
select
    feature_row_id,
    game_date
from {{ ref('ml_feature_store') }}
where
    {{ every_game_date() }}
    and (
        inputs_known_at >= cut_off_at
        or cut_off_at > tipoff_at
        or cut_off_at > built_as_of
        or cut_off_at is null
    )
