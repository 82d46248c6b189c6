"""Plain facts and fixed dates of the simulated league: teams, seasons, books, time zones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

DEFAULT_SEED = 20260115
ROSTER_SIZE = 15
GAMES_PER_TEAM = 82


@dataclass(frozen=True)
class Team:
    """A club; `team_id` is balldontlie's id, `zone` the local time zone's letter (E, C, M, P)."""

    team_id: int
    abbreviation: str
    city: str
    name: str
    conference: str
    division: str
    zone: str

    @property
    def full_name(self) -> str:
        """Name as balldontlie writes it."""
        return f"{self.city} {self.name}"

    @property
    def odds_name(self) -> str:
        """Name as The Odds API writes it (one club differs)."""
        return "Los Angeles Clippers" if self.abbreviation == "LAC" else self.full_name


# Index in this tuple + 1 is balldontlie's id.
TEAMS: tuple[Team, ...] = tuple(
    Team(number, *row.split("|"))
    for number, row in enumerate(
        """ATL|Atlanta|Hawks|East|Southeast|E
BOS|Boston|Celtics|East|Atlantic|E
BKN|Brooklyn|Nets|East|Atlantic|E
CHA|Charlotte|Hornets|East|Southeast|E
CHI|Chicago|Bulls|East|Central|C
CLE|Cleveland|Cavaliers|East|Central|E
DAL|Dallas|Mavericks|West|Southwest|C
DEN|Denver|Nuggets|West|Northwest|M
DET|Detroit|Pistons|East|Central|E
GSW|Golden State|Warriors|West|Pacific|P
HOU|Houston|Rockets|West|Southwest|C
IND|Indiana|Pacers|East|Central|E
LAC|LA|Clippers|West|Pacific|P
LAL|Los Angeles|Lakers|West|Pacific|P
MEM|Memphis|Grizzlies|West|Southwest|C
MIA|Miami|Heat|East|Southeast|E
MIL|Milwaukee|Bucks|East|Central|C
MIN|Minnesota|Timberwolves|West|Northwest|C
NOP|New Orleans|Pelicans|West|Southwest|C
NYK|New York|Knicks|East|Atlantic|E
OKC|Oklahoma City|Thunder|West|Northwest|C
ORL|Orlando|Magic|East|Southeast|E
PHI|Philadelphia|76ers|East|Atlantic|E
PHX|Phoenix|Suns|West|Pacific|M
POR|Portland|Trail Blazers|West|Northwest|P
SAC|Sacramento|Kings|West|Pacific|P
SAS|San Antonio|Spurs|West|Southwest|C
TOR|Toronto|Raptors|East|Atlantic|E
UTA|Utah|Jazz|West|Northwest|M
WAS|Washington|Wizards|East|Southeast|E""".splitlines(),
        start=1,
    )
)

# Clubs that no longer exist; balldontlie lists them with a blank conference and division.
DEFUNCT_TEAMS: tuple[tuple[int, str, str, str], ...] = tuple(
    (number, *row.split("|"))
    for number, row in enumerate(
        """CHS|Chicago|Stags
BOM|St. Louis|Bombers
CLR|Cleveland|Rebels
DEF|Detroit|Falcons
HUS|Toronto|Huskies
WAS|Washington|Capitols
PRO|Providence|Steamrollers
PIT|Pittsburgh|Ironmen
BAL|Baltimore|Bullets
JET|Indianapolis|Jets
AND|Anderson|Packers
WAT|Waterloo|Hawks
INO|Indianapolis|Olympians
DN|Denver|Nuggets
SHE|Sheboygan|Redskins""".splitlines(),
        start=37,
    )
)


@dataclass(frozen=True)
class Season:
    """One regular season: first and last day, days without games, the day rosters turn over."""

    year: int
    first_day: date
    last_day: date
    all_star_from: date
    all_star_to: date
    dark_days: tuple[date, ...]
    roster_day: date
    trade_days: tuple[date, ...]


SEASONS: tuple[Season, ...] = (
    Season(
        year=2024,
        first_day=date(2024, 10, 22),
        last_day=date(2025, 4, 13),
        all_star_from=date(2025, 2, 14),
        all_star_to=date(2025, 2, 18),
        dark_days=(date(2024, 11, 5), date(2024, 11, 28), date(2024, 12, 24)),
        roster_day=date(2024, 10, 1),
        trade_days=(date(2024, 12, 18), date(2025, 1, 15), date(2025, 2, 4), date(2025, 2, 6)),
    ),
    Season(
        year=2025,
        first_day=date(2025, 10, 21),
        last_day=date(2026, 4, 12),
        all_star_from=date(2026, 2, 13),
        all_star_to=date(2026, 2, 17),
        dark_days=(date(2025, 11, 27), date(2025, 12, 24)),
        roster_day=date(2025, 7, 6),
        trade_days=(date(2025, 12, 17), date(2026, 1, 7), date(2026, 2, 3), date(2026, 2, 5)),
    ),
)
WORLD_FIRST_DAY = SEASONS[0].roster_day
WORLD_LAST_DAY = date(2026, 4, 30)

# Usual number of games by weekday, Monday first; scaled so that a season holds 1,230.
GAMES_BY_WEEKDAY = (8, 7, 10, 5, 9, 8, 7)
POSTPONEMENTS_PER_SEASON = 5

# Wall-clock seconds after tip-off at which each quarter ends; half-time follows the second.
PERIOD_ENDS = (31 * 60, 62 * 60, 108 * 60, 140 * 60)
HALF_TIME_SECONDS = 15 * 60
OVERTIME_SECONDS = 12 * 60
MAX_OVERTIMES = 3

# Bookmaker keys and titles as The Odds API has them, all of region `us`.
BOOKS: tuple[tuple[str, str], ...] = (
    ("draftkings", "DraftKings"),
    ("fanduel", "FanDuel"),
    ("betmgm", "BetMGM"),
    ("bovada", "Bovada"),
    ("betrivers", "BetRivers"),
)
PROP_MARKETS = ("player_points", "player_rebounds", "player_assists", "player_threes")
GAME_MARKETS = ("h2h", "spreads", "totals")
