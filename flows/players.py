"""Players by the names that people type."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from flows import warehouse
from flows.errors import ArgumentError, NotForecast, PlayerUnknown

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings

# query(settings, sql, parameters): of the warehouse, or of the published copy.
Query = Callable[..., "pa.Table"]

# Tonight's slate, each player with a prediction or the reason why not; and who may get one.
COVERAGE = "marts.prediction_coverage"
FORECASTABLE = ("PREDICTED", "NOT_FORECAST")
# Names that a message proposes for one that nobody has, and how like it they must be.
SUGGESTED = 3
LIKENESS = 0.6
# Letters without a decomposition, as the macro normalized_name spells them.
SPELLED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ħ": "h", "æ": "ae", "ß": "ss"})
IN_BRACKETS = re.compile(r"\s*\([^)]*\)\s*$")
SUFFIX = re.compile(r"[\s,]+(jr|sr|ii|iii|iv|junior|senior)\.?\s*$")
NO_LETTER = re.compile(r"[^a-z]")


@dataclass(frozen=True)
class Player:
    """A player of `marts.players`."""

    player_id: str
    player_name: str


def normalized_name(name: str) -> str:
    """A name as the macro of that name makes it: letters only, without accents and suffix."""
    decomposed = unicodedata.normalize("NFD", name)
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    plain = plain.lower().translate(SPELLED)
    return NO_LETTER.sub("", SUFFIX.sub("", IN_BRACKETS.sub("", plain)))


def split_names(given: Sequence[str] | None) -> tuple[str, ...]:
    """The names of an option that is repeated, or separated by commas; each once.

    Raises:
        ArgumentError: the option is there, and holds no name.
    """
    if given is None:
        return ()
    # a suffix behind a comma belongs to the name before it
    parts = [part for text in given for part in re.split(r",(?!\s*(?:jr|sr)\b)", text, flags=re.I)]
    names = tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
    if given and not names:
        raise ArgumentError('--players holds no name: write it as --players "Name, Name"')
    return names


def find(settings: Settings, name: str, *, slate: str, query: Query = warehouse.query) -> Player:
    """The player of that name, or of that player_id.

    slate: relation whose players come first where several bear the name.

    Raises:
        PlayerUnknown: nobody has the name, or several have and none or several of them are on
            the slate; with the names that are most like it, or the ids to choose from.
        WarehouseError: `marts.players` cannot be read.
    """
    found = query(
        settings,
        f"""
        select
            players.player_id,
            players.player_name,
            slate.player_id is not null as is_on_slate
        from marts.players as players
        left join (select distinct player_id from {slate}) as slate
            on players.player_id = slate.player_id
        where players.normalized_name = ? or players.player_id = ?
        order by players.player_name, players.player_id
        """,
        [normalized_name(name), name],
    ).to_pylist()
    of_slate = [one for one in found if one["is_on_slate"]]
    chosen = of_slate if len(of_slate) == 1 else found
    if len(chosen) == 1:
        return Player(chosen[0]["player_id"], chosen[0]["player_name"])
    if chosen:
        named = ", ".join(f"{one['player_name']} ({one['player_id']})" for one in chosen)
        raise PlayerUnknown(f"{len(chosen)} players are called {name!r}: {named}. Give the id")
    raise PlayerUnknown(f"no player {name!r}{_suggestion(settings, name, query)}")


def find_on_slate(
    settings: Settings, names: Sequence[str], *, game_date: date
) -> tuple[Player, ...]:
    """The players of these names whom a run of the day forecast, or could have.

    Raises:
        PlayerUnknown: as `find` does, for the first name that is wrong.
        NotForecast: the day was not forecast yet, or a player is not on its slate or is out.
        WarehouseError: no run has built the slate yet.
    """
    coverage = warehouse.query(
        settings,
        f"select player_id, reason from {COVERAGE} where game_date = ? and player_id is not null",
        [game_date],
    )
    if not coverage.num_rows:
        raise NotForecast(
            f"the slate of {game_date} has not been forecast: some of its players can be forecast "
            "anew once a run without --players has forecast all of them"
        )
    reasons = dict(
        zip(coverage["player_id"].to_pylist(), coverage["reason"].to_pylist(), strict=True)
    )
    found = tuple(find(settings, name, slate=COVERAGE) for name in names)
    for player in found:
        reason = reasons.get(player.player_id, "not on the slate")
        if reason not in FORECASTABLE:
            raise NotForecast(f"{player.player_name} is not forecast on {game_date}: {reason}")
    return found


def _suggestion(settings: Settings, name: str, query: Query) -> str:
    known = query(settings, "select normalized_name, player_name from marts.players")
    names = dict(
        zip(known["normalized_name"].to_pylist(), known["player_name"].to_pylist(), strict=True)
    )
    like = difflib.get_close_matches(normalized_name(name), names, SUGGESTED, LIKENESS)
    if not like:
        return ': `nba-props sql "select player_name from marts.players"` lists them'
    return f": did you mean {' or '.join(names[one] for one in like)}?"
