"""The books: what each one quotes for an event, when, and at what price."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
from scipy.special import betainc, ndtr

from .clock import HOUR
from .expectation import calibrated, expected_lines
from .injuries import OUT, PLAY_CHANCE, UNLISTED
from .league import BOOKS, PROP_MARKETS, TEAMS
from .names import book_spelling
from .schedule import NEVER
from .world import World, build_world

BOOK_KEYS = tuple(key for key, _ in BOOKS)
TEAM_NAMES = tuple(team.odds_name for team in TEAMS)
EVENING_BEFORE = -int(3.5 * HOUR)
# Eastern wall-clock seconds of the day at which books look at their prices anew.
LOOKS = tuple(int(hour * HOUR) for hour in (9.5, 11.5, 13.5, 15.5, 17.25))
BEFORE_TIP = (3600, 1800, 600)
# Look at which each book opens its props (0 is the evening before), with probabilities.
OPENING = {
    "draftkings": ((0, 1), (0.35, 0.65)),
    "fanduel": ((1, 2), (0.7, 0.3)),
    "betmgm": ((1, 2), (0.3, 0.7)),
    "bovada": ((0, 2), (0.2, 0.8)),
    "betrivers": ((4, 5), (0.5, 0.5)),
}
MARGIN = (1.06, 1.075)
COMMON_ERROR, BOOK_ERROR = (0.05, 0.06, 0.06, 0.07), 0.025
LEAST = (5.5, 2.2, 1.6, 0.7)
MOST_LINED = (9, 8, 7, 7)
WHOLE_LINES = {"betmgm": 0.12, "bovada": 0.12}
LADDER_CHANCE, LADDER_STEPS, LADDER_PLAYERS = 0.4, (-6.0, -3.0, 3.0, 6.0), 3


class Quote(NamedTuple):
    """One side's price: probability with the margin in it, and the line (None on h2h)."""

    name: str
    description: str | None
    implied: float
    point: float | None


@dataclass(frozen=True)
class BookProps:
    """One book's view of an event's props: (4 markets, K looks, 2, 15), and `when` (4, K)."""

    line: np.ndarray
    chance: np.ndarray
    belief: np.ndarray
    spread: np.ndarray
    offered: np.ndarray
    when: np.ndarray
    vig: float
    ladder: bool


def american(implied: float) -> int:
    """American odds of an implied probability."""
    if implied >= 0.5:
        return -round(100 * implied / (1 - implied))
    return round(100 * (1 - implied) / implied)


def decimal(implied: float) -> float:
    """Decimal odds of an implied probability, two places."""
    return round(max(1 / implied, 1.01), 2)


def over_chance(mean: np.ndarray, variance: np.ndarray, line: np.ndarray) -> np.ndarray:
    """Chance of Over for a negative binomial, given that the line is not hit exactly; all (n,)."""
    size = mean**2 / np.maximum(variance - mean, 1e-6)
    win = size / (size + mean)
    over = 1 - betainc(size, np.floor(line) + 1, win)
    whole = np.flatnonzero((line == np.floor(line)) & (line >= 1))
    under = betainc(size[whole], line[whole], win[whole])
    over[whole] /= over[whole] + under
    return over


class Market:
    """All quotes of one event; a pure function of (seed, event), worked out on first use."""

    def __init__(self, world: World, number: int) -> None:
        self.world, self.number = world, number
        events, schedule = world.events, world.schedule
        self.game = int(events.game[number])
        self.tip = int(events.tip[number])
        self.rows = np.array([2 * self.game, 2 * self.game + 1])
        self.people = world.setting.roster[self.rows]
        day = int(np.searchsorted(schedule.midnights, self.tip, side="right")) - 1
        midnight = int(schedule.midnights[day])
        self.stop = int(min(self.tip, events.gone_at[number]))
        looks = [midnight + EVENING_BEFORE, *(midnight + second for second in LOOKS)]
        nominal = np.array([*looks, *(self.tip - before for before in BEFORE_TIP)], dtype=np.int64)
        nominal[:6] = np.minimum(nominal[:6], self.tip - 5400)
        self.opening_looks = nominal[:6]
        news = self._news(int(nominal.min()))
        start = max(int(events.listed_from[number]), midnight + EVENING_BEFORE)
        times = np.unique(np.concatenate([nominal, news + 180]))
        self.times = times[(times >= start) & (times < self.stop - 300)]
        self.reacts = np.isin(self.times, news + 180) | (self.times >= self.tip - 1800)

    def _news(self, since: int) -> np.ndarray:
        """Instants at which a player of this game enters or leaves the injury list."""
        listings = self.world.listings
        mine = np.isin(listings.player, self.people)
        both = np.concatenate([listings.start[mine], listings.end[mine]])
        return np.unique(both[(both > since) & (both < self.tip - 600)])

    def _rng(self, stream: int) -> np.random.Generator:
        return np.random.default_rng([self.world.seed, stream, self.number])

    @cached_property
    def _belief(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """At each look: status (K, 2, 15), means (5, K, 2, 15), variances (4, K, 2, 15), and the
        teams' scores (K, 2)."""
        status = np.full((len(self.times), len(self.world.players)), UNLISTED)
        for look, time in enumerate(self.times):
            shown = self.world.listings.at(time)
            status[look, self.world.listings.player[shown]] = self.world.listings.status[shown]
        status = status[:, self.people]
        expected = expected_lines(self.world.setting, self.rows, PLAY_CHANCE[status])
        score = (expected[1] * PLAY_CHANCE[status]).sum(axis=-1)
        score = score * self.world.calibration.team_factor
        return status, *calibrated(self.world.calibration, expected), score

    @cached_property
    def props(self) -> dict[str, BookProps]:
        """What each book thinks and when it says so; `when` is NEVER at looks it skips."""
        rng = self._rng(7)
        status, mean, variance, _ = self._belief
        looks = len(self.times)
        common = rng.normal(0, 1, (4, 1, 2, 15)) * np.reshape(COMMON_ERROR, (4, 1, 1, 1))
        # The market learns a little as the day goes on.
        wisdom = np.linspace(1.0, 0.65, looks)[None, :, None, None]
        jitter = rng.normal(0, 0.006, (4, looks, 2, 15))
        lined = self._lined(status, mean)
        views = {}
        for book in BOOK_KEYS:
            first = self.opening_looks[rng.choice(OPENING[book][0], p=OPENING[book][1])]
            skill = rng.normal(0, BOOK_ERROR, (4, 1, 2, 15))
            offered = lined & (rng.random((4, 1, 2, 15)) > 0.06)
            belief = mean[1:] * np.exp(common * wisdom + jitter + skill)
            spread = variance * (belief / mean[1:]) ** 1.1
            line = self._lines(book, belief, spread, rng)
            chance = np.full(line.shape, 0.5)
            chance[offered] = over_chance(belief[offered], spread[offered], line[offered])
            vig = float(rng.uniform(*MARGIN))
            # Delay of each refresh after the look, and whether the book bothers.
            delay = rng.integers(15, 280, (4, looks))
            fresh = (rng.random((4, looks)) < 0.7) | self.reacts
            said = (self.times >= first) & fresh & offered.any(axis=(2, 3))
            when = np.where(said, self.times + delay, NEVER)
            ladder = book == "bovada" and bool(rng.random() < LADDER_CHANCE)
            views[book] = BookProps(line, chance, belief, spread, offered, when, vig, ladder)
        return views

    def _quotes(self, book: str, which: int, look: int) -> list[Quote]:
        """All sides that a book shows in one market after one look."""
        view = self.props[book]
        shown = np.argwhere(view.offered[which, look])
        at = (which, look, *shown.T)
        names = self._names(book, shown)
        rows = _sides(names, view.line[at], view.chance[at], view.vig)
        if view.ladder and which == 0:
            top = np.argsort(-view.belief[at], kind="stable")[:LADDER_PLAYERS]
            for step in LADDER_STEPS:
                point = view.line[at][top] + step
                chance = over_chance(view.belief[at][top], view.spread[at][top], point)
                rows += _sides([names[i] for i in top], point, chance, view.vig)
        return rows

    def _lined(self, status: np.ndarray, mean: np.ndarray) -> np.ndarray:
        """(4, K, 2, 15) whether the books quote a player: enough minutes, enough to count."""
        there = status != OUT
        lined = np.zeros((4, *status.shape), dtype=bool)
        for which in range(4):
            value = np.where(there & (mean[0] > 15), mean[which + 1], -1.0)
            rank = np.argsort(np.argsort(-value, axis=-1), axis=-1)
            lined[which] = (rank < MOST_LINED[which]) & (value >= LEAST[which])
        return lined

    def _lines(
        self, book: str, mean: np.ndarray, variance: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Half-point lines nearest to the median; some books set whole points for some players."""
        ratio = variance / mean
        median = mean - (2 * ratio - 1) / 6
        half = np.maximum(np.rint(median + 0.5) - 0.5, 0.5)
        whole = rng.random((4, 1, 2, 15)) < WHOLE_LINES.get(book, 0.0)
        return np.where(whole & (mean > 3), np.rint(median), half)

    def _names(self, book: str, shown: np.ndarray) -> list[str]:
        players = self.world.players
        return [
            book_spelling(" ".join(players.names[self.people[side, slot]]), book)
            for side, slot in shown
        ]

    @cached_property
    def game_lines(self) -> dict[tuple[str, str], list[tuple[int, list[Quote]]]]:
        """(book, market) -> [(last_update, quotes)] for h2h, spreads and totals."""
        rng = self._rng(8)
        world = self.world
        score = self._belief[-1]
        schedule = world.schedule
        home, away = (TEAM_NAMES[int(side[self.game])] for side in (schedule.home, schedule.away))
        error = rng.normal(0, (1.2, 1.8))
        quotes: dict[tuple[str, str], list[tuple[int, list[Quote]]]] = {}
        for book in BOOK_KEYS:
            lean = error + rng.normal(0, (0.4, 0.6))
            vig = rng.uniform(1.042, 1.05)
            margin = score[:, 0] - score[:, 1] + lean[0]
            total = score.sum(axis=1) + lean[1]
            spread_at = np.rint(margin * 2) / 2
            total_at = np.rint(total * 2) / 2
            sd, total_sd = world.calibration.margin_sd, world.calibration.total_sd
            win = ndtr(margin / sd)
            cover = ndtr((margin - spread_at) / sd)
            above = ndtr((total - total_at) / total_sd)
            delay = rng.integers(15, 280, (3, len(self.times)))
            for look, time in enumerate(self.times):
                both = [("h2h", win[look], None, None, home, away)]
                at = float(spread_at[look])
                both.append(("spreads", cover[look], -at + 0.0, at + 0.0, home, away))
                at = float(total_at[look])
                both.append(("totals", above[look], at, at, "Over", "Under"))
                for which, (market, chance, one, two, name, other) in enumerate(both):
                    high = _loaded(float(chance), vig)
                    low = _loaded(1 - float(chance), vig)
                    pair = [Quote(name, None, high, one), Quote(other, None, low, two)]
                    when = int(time + delay[which, look])
                    quotes.setdefault((book, market), []).append((when, pair))
        return quotes

    def last(self, book: str, market: str, epoch: float) -> tuple[int, list[Quote]] | None:
        """The quotes last updated strictly before `epoch`, with the time of that update."""
        if market in PROP_MARKETS:
            which = PROP_MARKETS.index(market)
            when = self.props[book].when[which]
            known = np.flatnonzero(when < epoch)
            if not len(known):
                return None
            return int(when[known[-1]]), self._quotes(book, which, int(known[-1]))
        said = [entry for entry in self.game_lines.get((book, market), ()) if entry[0] < epoch]
        return said[-1] if said else None


def _loaded(chance: float, vig: float) -> float:
    """Probability with the book's margin, kept inside the range that books quote."""
    return min(max(chance * vig, 0.035), 0.965)


def _sides(names: list[str], line: np.ndarray, chance: np.ndarray, vig: float) -> list[Quote]:
    """Over and Under of each player; lines below a half point do not exist."""
    rows = []
    for name, point, over in zip(names, line.tolist(), chance.tolist(), strict=True):
        if point >= 0.5:
            rows.append(Quote("Over", name, _loaded(over, vig), point))
            rows.append(Quote("Under", name, _loaded(1 - over, vig), point))
    return rows


@lru_cache(maxsize=4096)
def market_of(seed: int, number: int) -> Market:
    """The market of one event of the world of `seed`, kept in memory."""
    return Market(build_world(seed), number)
