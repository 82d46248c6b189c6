"""What an engine does for everybody else; statements that go to it run on all of them alike."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from loaders.settings import Settings
    from loaders.tables import RawTable

Parameters = Sequence[Any]
"""Values of the `?` of a statement, in their order: int, float, str, bool, date, datetime, None."""


@dataclass(frozen=True)
class Publication:
    """What is to be published: the schemas, without their private relations (`schema.name`)."""

    run_id: str
    as_of: datetime
    run_mode: str
    published_at: datetime
    schemas: Sequence[str]
    private: Collection[str] = ()

    def is_public(self, schema: str, name: str) -> bool:
        """Whether the relation is to be published."""
        return schema in self.schemas and f"{schema}.{name}" not in self.private


@dataclass(frozen=True)
class Published:
    """What was published, and where people find it: a file, or datasets."""

    place: str
    relations: int
    rows: int


class Engine(ABC):
    """A warehouse: its tables, and the published copy of some of them, which no run locks.

    Relations are named `schema.name` in every statement, whatever the engine calls them.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @property
    @abstractmethod
    def place(self) -> str:
        """Where the warehouse is, for people."""

    @property
    @abstractmethod
    def published_place(self) -> str:
        """Where the published copy is, for people."""

    @property
    @abstractmethod
    def is_simulated(self) -> bool:
        """Whether it holds the simulated league."""

    @property
    @abstractmethod
    def chosen_by(self) -> str:
        """The environment that leads a command here, as a terminal takes it."""

    @property
    @abstractmethod
    def modules(self) -> tuple[str, ...]:
        """The modules by which dbt and dlt reach it, which they import when they first do."""

    @abstractmethod
    def simulated(self) -> Settings:
        """Settings of the simulated league's warehouse on the same engine."""

    @abstractmethod
    def dataset(self, schema: str) -> str:
        """What the engine calls a schema."""

    @abstractmethod
    def loading(self) -> AbstractContextManager[Any]:
        """The dlt destination, while the block runs; nothing stays open behind it.

        Raises: WarehouseBusy.
        """

    @abstractmethod
    def shaped(self, resource: Any, table: RawTable) -> Any:
        """The dlt resource with the table's partition and clusters, where the engine has such."""

    @abstractmethod
    def query(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """Rows of one statement, which cannot write; instants are UTC.

        Raises: WarehouseMissing, WarehouseBusy, WarehouseUnreachable, WarehouseRefused,
        QueryFailed.
        """

    @abstractmethod
    def query_published(self, sql: str, parameters: Parameters = ()) -> pa.Table:
        """The same against the published copy."""

    @abstractmethod
    def exists(self, relation: str) -> bool:
        """Whether `schema.name` is there; False also where there is no warehouse yet."""

    @abstractmethod
    def columns(self, relations: Collection[str]) -> dict[str, set[str]]:
        """The stored columns, in lower case, of those `schema.name` that are there."""

    @abstractmethod
    def delete(self, relation: str, where: str, parameters: Parameters = ()) -> int:
        """Delete the rows of `schema.name` that fulfil a condition, all or none; returns how many.

        Raises: as `query`.
        """

    @abstractmethod
    def published_sets(self) -> list[str]:
        """Run ids of what is stored as published, the newest first; the first is what people read.

        Raises: as `query`.
        """

    @abstractmethod
    def drop_published(self, run_ids: Collection[str]) -> None:
        """Forget published sets, of which none may be what people read."""

    @abstractmethod
    def files(self) -> tuple[Path, ...]:
        """The files of the warehouse and of its published copy, there or not; the first one counts.

        Raises: NotAFile where the warehouse is none.
        """

    @abstractmethod
    def held(self) -> AbstractContextManager[None]:
        """While the block runs nobody else writes the warehouse, and its files are complete.

        Raises: WarehouseMissing, WarehouseBusy, QueryFailed (it cannot be opened), NotAFile.
        """

    @abstractmethod
    def copied(self, folder: Path) -> AbstractContextManager[None]:
        """The same, and the files are copied into the folder first."""

    @abstractmethod
    def writing(self, waiting: Callable[[str], None]) -> AbstractContextManager[None]:
        """While the block runs no other run writes the warehouse, where the engine can tell.

        waiting: told once who holds it, where it has to be waited for.

        Raises: WarehouseBusy, WarehouseUnreachable, WarehouseRefused.
        """

    @abstractmethod
    def publish(self, publication: Publication) -> Published:
        """Put the public relations in place of what was published before, in one step at the end.

        Raises: PublishFailed, and what `query` raises; what was published is then as it was.
        """

    @abstractmethod
    def dbt_environment(self) -> dict[str, str]:
        """Variables that profiles.yml reads, beyond home and target."""

    @abstractmethod
    def running_dbt(self) -> AbstractContextManager[None]:
        """While dbt runs in this process; nothing stays open behind it."""
