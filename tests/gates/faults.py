"""The faults: what is spoiled, and what the gates say of it. Data alone; `lab` puts them in.

A fault spoils raw rows wherever raw rows can break the rule; where by construction none can, a
line of a model or macro is changed, and `why_edited` says why.
"""

from __future__ import annotations

from faults_of_forecasts import (
    FEATURES,
    FEATURES_EDITED,
    PREDICTIONS,
    PREDICTIONS_EDITED,
    PREDICTIONS_NONE,
    PREDICTIONS_WAITING,
)
from faults_of_games import CORE, RAW, RAW_EMPTY, TEAM_SUMMARIES
from faults_of_players import (
    CONTEXT,
    CONTEXT_EDITED,
    CONTEXT_EMPTY,
    PLAYER_SUMMARIES,
    PLAYER_SUMMARIES_EDITED,
)

SCENARIOS = (
    RAW,
    RAW_EMPTY,
    CORE,
    TEAM_SUMMARIES,
    PLAYER_SUMMARIES,
    PLAYER_SUMMARIES_EDITED,
    CONTEXT,
    CONTEXT_EMPTY,
    CONTEXT_EDITED,
    FEATURES,
    FEATURES_EDITED,
    PREDICTIONS,
    PREDICTIONS_NONE,
    PREDICTIONS_WAITING,
    PREDICTIONS_EDITED,
)
