"""GoogleSQL's analyzer and evaluator: one WebAssembly module, called with protobuf messages."""

import ctypes
import fcntl
import os
import platform
import re
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import TypeVar

from google.protobuf.message import Message
from wasmtime import (
    Config,
    Engine,
    ExitTrap,
    Linker,
    Module,
    Store,
    Trap,
    WasiConfig,
    WasmtimeError,
)
from zetasql.core.wasm_client import get_tzinfo_dir
from zetasql.wasi import get_wasm_path

# Deep expressions need more than the 512 kB that wasmtime grants; more than this it refuses.
STACK_BYTES = 2 * 2**20
# The module never gives memory back. A call that left it larger than this is its last one.
RETIRE_BYTES = 2**30
SIZE_BYTES = 4
POINTER_MASK = 0xFFFFFFFF

Answer = TypeVar("Answer", bound=Message)


class CallFailed(Exception):
    """The module refused a request (`code`: an absl status) or broke down over it (None)."""

    def __init__(self, code: int | None, message: str):
        self.code = code
        super().__init__(message)


def default_cache_dir() -> Path:
    """Where compiled modules lie, for all of a user's processes and checkouts."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "nba-props-googlesql"


class GoogleSqlModule:
    """The running module. Compiling takes 15-30 s, so the compiled form is kept in `cache_dir`.

    Memory and state live in an instance, which is replaced when it breaks down or grows too large:
    nothing but the compiled code survives from one call to the next.
    """

    def __init__(self, cache_dir: Path | None = None):
        config = Config()
        config.shared_memory = True
        config.max_wasm_stack = STACK_BYTES
        self._engine = Engine(config)
        self._module = _compiled(self._engine, cache_dir or default_cache_dir())
        self._instance: _Instance | None = None

    def call(self, method: str, request: Message | bytes, answer: type[Answer]) -> Answer:
        """Call one method of the local service. Raises CallFailed."""
        if self._instance is None:
            self._instance = _Instance(self._engine, self._module)
        data = request if isinstance(request, bytes) else request.SerializeToString()
        try:
            found = self._instance.call(f"ZetaSqlLocalService_{method}", data)
        except (Trap, ExitTrap, WasmtimeError) as error:
            self._instance = None
            reason = str(error).rstrip().rsplit("\n", 1)[-1].strip()
            raise CallFailed(None, f"the evaluator broke down: {reason}") from error
        if self._instance.size() > RETIRE_BYTES:
            self._instance = None
        return answer.FromString(found)


class _Instance:
    """One instantiation of the module with a memory of its own (at most 4 GB)."""

    def __init__(self, engine: Engine, module: Module):
        wasi = WasiConfig()
        wasi.preopen_dir(get_tzinfo_dir(), "/usr/share/zoneinfo")
        self._store = Store(engine)
        self._store.set_wasi(wasi)
        linker = Linker(engine)
        linker.define_wasi()
        self._exports = linker.instantiate(self._store, module).exports(self._store)
        self._exports["_initialize"](self._store)
        self._memory = self._exports["memory"]
        self._base = ctypes.addressof(self._memory.data_ptr().contents)

    def size(self) -> int:
        """Bytes of memory that the instance has taken so far."""
        return self._memory.data_len()

    def call(self, function: str, data: bytes) -> bytes:
        """Pass a serialized request, return the serialized answer. Raises CallFailed or a trap."""
        request = self._run("wasm_malloc", len(data))
        size_at = self._run("wasm_malloc", SIZE_BYTES)
        if not request or not size_at:
            raise CallFailed(None, f"no memory for a request of {len(data)} bytes")
        ctypes.memmove(self._base + request, data, len(data))
        found = self._run(function, request, len(data), size_at)
        size = int.from_bytes(self._read(size_at, SIZE_BYTES), "little")
        self._free(request, size_at)
        if not found:
            raise self._last_failure()
        result = self._read(found, size)
        self._free(found)
        return result

    def _last_failure(self) -> CallFailed:
        size = self._run("wasm_get_last_error_size")
        text = self._read(self._run("wasm_get_last_error"), size).decode()
        match = re.fullmatch(r"Code: (\d+), Message: (.*)", text, re.DOTALL)
        return CallFailed(int(match[1]), match[2]) if match else CallFailed(None, text)

    def _free(self, *pointers: int) -> None:
        for pointer in pointers:
            self._exports["wasm_free"](self._store, pointer)

    def _run(self, function: str, *arguments: int) -> int:
        return self._exports[function](self._store, *arguments) & POINTER_MASK

    def _read(self, pointer: int, size: int) -> bytes:
        return ctypes.string_at(self._base + pointer, size)


def _compiled(engine: Engine, cache_dir: Path) -> Module:
    """The module from the cache, compiled where it is missing. Processes wait for one another."""
    name = f"zetasql-{version('zetasql')}-wasmtime-{version('wasmtime')}-{platform.machine()}"
    cached = cache_dir / f"{name}.compiled"
    if (module := _loaded(engine, cached)) is not None:
        return module
    cache_dir.mkdir(parents=True, exist_ok=True)
    with (cache_dir / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (module := _loaded(engine, cached)) is not None:
            return module
        module = Module.from_file(engine, str(get_wasm_path()))
        with tempfile.NamedTemporaryFile(dir=cache_dir, delete=False) as file:
            file.write(module.serialize())
        os.replace(file.name, cached)
    return module


def _loaded(engine: Engine, cached: Path) -> Module | None:
    if not cached.exists():
        return None
    try:
        return Module.deserialize_file(engine, str(cached))
    except WasmtimeError:
        # Compiled on another kind of processor: of no use here.
        return None
