"""What an evaluation reads: the examples of a season and of all before it, means, lines."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from flows import modelling, warehouse
from flows.built import Built
from flows.dbt_runner import DbtRunner
from flows.errors import ArgumentError
from flows.forecasting.errors import TrainingError
from flows.progress import Reporter
from loaders.engines import engine
from loaders.errors import WarehouseMissing, WarehouseOutdated
from loaders.settings import FIRST_GAME_DATE

if TYPE_CHECKING:
    from flows.forecasting.evaluation import Block, Question
    from loaders.settings import Settings

REGULAR_SEASON = "Regular Season"
PLAYOFFS = ("Play-In", "Playoffs")
CEILING = "marts.ceiling_absences"
# Groups of features that go with a player wherever he goes.
OF_THE_PLAYER = ("form", "minutes", "previous_season", "volume", "zones")
# Columns of the ceiling that only say whose row it is.
CEILING_KEYS = ("feature_row_id", "player_id", "game_id", "game_date", "information_set")


@dataclass(frozen=True)
class Asked:
    """What a person asked for. start, end: None for the season's own first and last game date.

    with_playoffs: whether the play-in and the playoffs are scored beside the regular season.
    """

    season: str
    markets: tuple[str, ...]
    information_set: str
    is_ceiling: bool = False
    start: date | None = None
    end: date | None = None
    with_playoffs: bool = False

    @property
    def season_types(self) -> tuple[str, ...]:
        """What is scored of the season."""
        return (REGULAR_SEASON, *PLAYOFFS) if self.with_playoffs else (REGULAR_SEASON,)


@dataclass(frozen=True)
class Season:
    """Examples up to the last day that is scored, in the order of date, game and player.

    Args:
        examples: rows of one information set, with a column a system and market.
        lines: closing lines of all markets.
        scored: mask of the rows that are scored.
        groups: group of each feature.
        systems: systems made in SQL.
        weights: weight of each member of the ensemble.
        start, end: first and last game date that is scored.
        is_whole: whether these are the regular season's own, and nothing else is scored.
    """

    examples: pa.Table
    lines: pa.Table
    scored: pa.ChunkedArray
    groups: Mapping[str, str]
    systems: tuple[str, ...]
    weights: Mapping[str, float]
    information_set: str
    start: date
    end: date
    is_whole: bool

    @property
    def features(self) -> tuple[str, ...]:
        """What the model reads, in its order."""
        return tuple(sorted(self.groups))

    @cached_property
    def digest(self) -> str:
        """Hash of all numbers that the evaluation rests on, and of what the seeds say of them."""
        from flows.forecasting.evaluation import examples_digest

        keys = ("game_id", "player_id", "market")
        lines = self.lines.sort_by([(name, "ascending") for name in keys])
        seeds = json.dumps([self.systems, self.weights, self.groups], sort_keys=True)
        digest = hashlib.sha256(seeds.encode())
        digest.update((examples_digest(self.examples) + examples_digest(lines)).encode())
        return digest.hexdigest()[:16]

    def blocks(self) -> list[Block]:
        """The months that are forecast."""
        from flows.forecasting.evaluation import blocks_of

        return blocks_of(self.examples["game_date"].filter(self.scored).unique().to_pylist())

    def question(self, market: str) -> Question:
        """What is asked of a market."""
        from flows.forecasting.evaluation import Question

        return Question(
            market, self.information_set, self.features, self.systems, dict(self.weights)
        )

    def of_market(self, market: str) -> pa.Table:
        """The examples beside the closing lines of a market, null where there is none."""
        from flows.forecasting.evaluation import LINE_COLUMNS

        lines = self.lines.filter(pc.equal(self.lines["market"], market))
        at = pc.index_in(_player_game(self.examples), value_set=_player_game(lines))
        rows = self.examples
        for name in LINE_COLUMNS:
            rows = rows.append_column(name, lines[name].take(at))
        return rows


def require_features(settings: Settings) -> None:
    """Whether there is anything to evaluate.

    Raises:
        WarehouseMissing: no feature store yet.
    """
    if not warehouse.relation_exists(settings, "marts.baseline_means"):
        raise WarehouseMissing(
            f"{engine(settings).place} holds no features to evaluate yet: run `nba-props backfill`"
        )


def prepare(settings: Settings, reporter: Reporter, *, is_ceiling: bool) -> None:
    """Bring the tables that an evaluation reads up to date.

    Raises:
        WarehouseOutdated: the features are those of another version of the project.
        DbtBuildFailed: a model or a test of them failed.
    """
    from flows import steps

    dbt = DbtRunner(settings, reporter=reporter)
    _refuse_other_columns(settings, dbt)
    steps.ensure_tables(settings)
    settle(settings, reporter)
    dbt.build(selector="evaluation_inputs")
    if is_ceiling:
        dbt.build(selector="evaluation_ceiling")


def _refuse_other_columns(settings: Settings, dbt: DbtRunner) -> None:
    differing = Built(settings, dbt).differing("features")
    if differing:
        raise WarehouseOutdated(
            f"{engine(settings).place} holds {', '.join(differing)} with other columns than this"
            " version of the project declares: run `nba-props daily` or `nba-props backfill`,"
            " which build what older code made anew"
        )


def built_as_of(settings: Settings) -> datetime | None:
    """The instant of the latest live run; None before the first."""
    if not warehouse.relation_exists(settings, "raw_runs.runs"):
        return None
    found = warehouse.query(
        settings,
        """
        select as_of from raw_runs.runs where run_mode = 'live'
        order by started_at desc, run_id desc limit 1
        """,
    )
    return found["as_of"][0].as_py() if found.num_rows else None


def settle(settings: Settings, reporter: Reporter) -> None:
    """Rebuild the features that a replay left as of its own instant, as of the latest live run."""
    unsettled = warehouse.query(
        settings,
        """
        select count(*) as n
        from audit.feature_builds
        where built_as_of < settled_at
            and built_as_of < (select max(as_of) from raw_runs.runs where run_mode = 'live')
        """,
    )
    if unsettled["n"][0].as_py():
        DbtRunner(settings, reporter=reporter).build(selector="slate")


def read_season(settings: Settings, asked: Asked) -> Season:
    """The examples that answer what was asked for.

    Raises:
        ArgumentError: a season without a player-game.
        TrainingError: nothing of it to score.
    """
    start, end = _days(settings, asked)
    first, last = max(asked.start or start, start), min(asked.end or end, end)
    groups = modelling.read_groups(settings)
    systems = modelling.read_systems(settings)
    examples = _examples(settings, asked, groups, systems, last)
    if asked.is_ceiling:
        examples = _with_ceiling(settings, examples, tuple(groups), last)
    examples = examples.sort_by(
        [(name, "ascending") for name in ("game_date", "game_id", "player_id")]
    )
    scored = pc.and_(
        pc.and_(
            pc.equal(examples["season"], asked.season),
            pc.is_in(examples["season_type"], pa.array(asked.season_types)),
        ),
        pc.greater_equal(examples["game_date"], pa.scalar(first)),
    )
    if not pc.any(scored).as_py():
        raise TrainingError(f"no player-game of {asked.season} from {first} to {last} to score")
    return Season(
        examples=examples,
        lines=_lines(settings),
        scored=scored,
        groups=groups,
        systems=systems,
        weights=modelling.read_weights(settings),
        information_set=asked.information_set,
        start=first,
        end=last,
        is_whole=(first, last) == (start, end) and not asked.with_playoffs,
    )


def _days(settings: Settings, asked: Asked) -> tuple[date, date]:
    """First and last game date of what is scored of a season, as far as it was played."""
    season, types = asked.season, asked.season_types
    found = warehouse.query(
        settings,
        f"""
        select min(game_date) as first_day, max(game_date) as last_day
        from marts.games
        where season = ? and season_type in ({", ".join("?" * len(types))}) and is_final
        """,
        [season, *types],
    ).to_pylist()[0]
    if found["first_day"] is None:
        known = warehouse.query(settings, "select distinct season from marts.games order by season")
        raise ArgumentError(
            f"--season {season!r} has no finished game; there are "
            f"{', '.join(known['season'].to_pylist()) or 'none'}"
        )
    return found["first_day"], found["last_day"]


def _examples(
    settings: Settings,
    asked: Asked,
    groups: Mapping[str, str],
    systems: Sequence[str],
    end: date,
) -> pa.Table:
    """Training examples of the set up to `end`, with the systems' means of the asked markets.

    Those who played without a feature row are among them: the venue is known, and of the player
    what his latest earlier row tells.
    """
    from flows.forecasting.evaluation import CONTEXT

    names = [*modelling.example_columns(tuple(groups)), *CONTEXT, "season", "season_type"]
    columns = [f"examples.{name}" for name in dict.fromkeys(names)]
    columns += [f"means.{system}_{market}" for market in asked.markets for system in systems]
    days = [FIRST_GAME_DATE, end]
    known = warehouse.query(
        settings,
        f"""
        select {", ".join(columns)}
        from marts.ml_training_examples as examples
        left join (
            select * from marts.baseline_means
            where game_date between ? and ? and information_set = ?
        ) as means
            on examples.feature_row_id = means.feature_row_id
        where examples.game_date between ? and ? and examples.information_set = ?
        """,
        [*days, asked.information_set, *days, asked.information_set],
    )
    of_the_player = [name for name, group in groups.items() if group in OF_THE_PLAYER]
    newcomers = warehouse.query(
        settings,
        f"""
        select {", ".join(["newcomers.*", *(f"form.{name}" for name in sorted(of_the_player))])}
        from intermediate.int_evaluations__newcomers as newcomers
        left join (
            select * from marts.ml_feature_store where game_date between ? and ?
        ) as form
            on newcomers.form_row_id = form.feature_row_id
        where newcomers.game_date between ? and ? and newcomers.information_set = ?
        """,
        [*days, *days, asked.information_set],
    )
    both = pa.concat_tables([known, newcomers], promote_options="permissive")
    return both.select(known.column_names)


def _lines(settings: Settings) -> pa.Table:
    """Closing lines of every player, game and market."""
    found = warehouse.query(
        settings,
        """
        select
            player_id,
            game_id,
            market,
            line,
            over_probability as market_probability,
            best_over_price as over_price,
            best_under_price as under_price,
            best_over_bookmaker as over_bookmaker,
            best_under_bookmaker as under_bookmaker,
            known_at as line_known_at
        from intermediate.int_prop_lines__closing
        """,
    )
    prices = [found.schema.get_field_index(name) for name in ("over_price", "under_price")]
    for at in prices:
        found = found.set_column(at, found.column_names[at], pc.cast(found[at], pa.int64()))
    return found.combine_chunks()


def _with_ceiling(
    settings: Settings, examples: pa.Table, features: Sequence[str], end: date
) -> pa.Table:
    """The examples with what the ceiling knows in place of the features of the same names."""
    found = warehouse.query(
        settings,
        f"select * from {CEILING} where game_date between ? and ?",
        [FIRST_GAME_DATE, end],
    )
    at = pc.index_in(examples["feature_row_id"], value_set=found["feature_row_id"].combine_chunks())
    known = pc.is_valid(at)
    for name in found.column_names:
        if name in CEILING_KEYS or name not in features:
            continue
        value = pc.cast(found[name], examples[name].type).take(at)
        place = examples.column_names.index(name)
        examples = examples.set_column(place, name, pc.if_else(known, value, examples[name]))
    return examples


def _player_game(rows: pa.Table) -> pa.Array:
    """Player and game as one text."""
    joined = pc.binary_join_element_wise(rows["player_id"], rows["game_id"], "|")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined
