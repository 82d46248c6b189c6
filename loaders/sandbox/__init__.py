"""A simulated league behind the APIs of several providers; see README.md."""

from .clock import RemoteClock
from .faults import Fault, Faults
from .league import BOOKS, DEFAULT_SEED, SEASONS, TEAMS
from .server import BALLDONTLIE_KEY, ODDS_API_KEY, Sandbox
from .world import World, build_world

__all__ = [
    "BALLDONTLIE_KEY",
    "BOOKS",
    "DEFAULT_SEED",
    "ODDS_API_KEY",
    "SEASONS",
    "TEAMS",
    "Fault",
    "Faults",
    "RemoteClock",
    "Sandbox",
    "World",
    "build_world",
]
