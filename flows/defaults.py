"""Instants, spans and waits of the flows, in one place; what a user sets stands in the settings."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from fractions import Fraction

# The sandbox's today: a Friday evening, 17:00 Eastern, in the second season of its league.
SANDBOX_NOW = datetime(2026, 1, 16, 22, 0, tzinfo=UTC)
# What the demo loads before its first run: enough for the models to learn from, quick to load.
DEMO_HISTORY = timedelta(days=330)
DEMO_PRICED_DAYS = timedelta(days=3)
# A second demo loads the days again in which box scores may still change.
DEMO_OVERLAP = timedelta(days=3)
# Yesterday's run of the demo is made at this Eastern hour of yesterday.
DEMO_EVENING = time(17, 30)

# Around the day of a live run: box scores are corrected, and tomorrow's schedule is today's rest.
DAYS_BEFORE = timedelta(days=3)
DAYS_AFTER = timedelta(days=1)
# A backfill's window: long enough to page well, short enough to show that it moves.
BACKFILL_WINDOW = timedelta(days=28)
# The same of Parquet files, which take seconds a season.
ARCHIVE_WINDOW = timedelta(days=92)
# The same of ESPN: a request a date and one a game, a second each.
ESPN_WINDOW = timedelta(days=7)
# A date that failed as often is not tried again by the same backfill.
BACKFILL_ATTEMPTS = 3
# Between two batches the warehouse is free for a little longer than those who wait take to ask.
BACKFILL_PAUSE_POLLS = 3
# What a backfill may need on disk, beside what it replaces: measured, docs/backfill.md.
BACKFILL_BYTES = 512 << 20
BACKFILL_BYTES_A_DATE = 2 << 20
# Measured: a page of games a week, and a page of box scores for every 100 players of it.
BALLDONTLIE_REQUESTS_A_DATE = 2.3
# Of a past day one snapshot of prices is bought: late for props, before the evening's games.
SNAPSHOT_TIME = time(17, 30)

# A waiver is for a night; whoever needs it for longer than a week needs another threshold.
HOUR = timedelta(hours=1)
WAIVER_HOURS = 24
LONGEST_WAIVER_HOURS = 168

# Prefect's own server, started for one flow, takes up to half a minute on a busy machine.
PREFECT_STARTUP_SECONDS = 90
# While the server is up. A lease cannot be shorter; a killed run's slot is free again after it.
LEASE_SECONDS = 60
# How often a waiting run asks for its turn, and the runner for runs that are due.
SLOT_POLL_SECONDS = 1
RUN_POLL_SECONDS = 2
# What `load` and `backfill` take, and what may leave rejects.
SOURCES = ("archive", "balldontlie", "bettingpros", "espn", "nba_com", "odds_api")
LOOPBACK = "127.0.0.1"
SERVER_PORT = 4200
REPORT_PORT = 4300
# Served runs are processes; more of them wait than work.
RUNS_AT_ONCE = 6
# A server that dies is started again so often within the span, then something is wrong with it.
SERVER_RESTARTS = 3
SERVER_RESTARTS_WITHIN = timedelta(minutes=10)
SERVER_STOP_SECONDS = 15
SERVER_ANSWER_SECONDS = 2
# Alarms of so many days before today are still sent, where they could not be in time.
ALARM_DAYS = timedelta(days=1)
ALARM_MESSAGE_LENGTH = 300
# Loads retry each request themselves; this is for a provider that is down for a while.
TASK_RETRY_SECONDS = (30, 120)

# A model that learnt up to so long ago is trained anew where training is due.
RETRAIN_AFTER = timedelta(days=7)
# Seconds of waiting for another writer from which on it is a step of its own in the audit.
WAIT_WORTH_TELLING = 1.0
# A run of which nothing was heard for as long has died, on whatever machine; a backfill through a
# slow API takes days.
LONGEST_RUN = timedelta(days=3)

# How often late sources are asked again, and how long after the start of the wait which share of
# those that are not there yet no longer holds a run up: (after, share that must be complete).
SOURCE_POLL = timedelta(minutes=5)
COMPLETENESS_TIERS = (
    (timedelta(minutes=30), Fraction(1)),
    (timedelta(hours=1), Fraction(4, 5)),
    (timedelta(hours=2), Fraction(3, 5)),
    (timedelta(hours=4), Fraction(0)),
)
# Nearly everything is there and nothing more has come for so long: the rest is not waited for.
STALLED_SHARE = Fraction(95, 100)
STALLED_AFTER = timedelta(minutes=10)

# Whose predictions are shown; dbt's variable published_system is the same.
PUBLISHED_SYSTEM = "catboost"

# A provider that fails so often in a row within the window is left alone for the cool-down, then
# asked once (flows/breaker.py); dbt's variables breaker_* are the same numbers.
BREAKER_FAILURES = 5
BREAKER_WINDOW = timedelta(minutes=30)
BREAKER_COOL_DOWN = timedelta(minutes=30)

# Seconds after which a flow run is ended: it hangs. A morning may wait four hours for its sources;
# a backfill takes as long as its range.
FLOW_TIMEOUT = 3600
FLOW_TIMEOUTS = {"morning": 6 * 3600, "backfill": None}
