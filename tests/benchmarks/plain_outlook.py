"""Reads Outlook files to their end, with our source or with libpff: `ours FILE…`, `libpff FILE…`.

Prints as JSON items and bytes, the seconds from opening the first file to the end of the last and,
of these, until the first item; processor time and memory as well. What the program has loaded
before counts for neither. The processor time and memory of our reading process are added: with
`ours` it waits for the first file, as it does while a copy begins, and goes on to the next; with
`cold` each file starts one of its own. libpff gives properties and no messages: of what a message
of ours holds, it is asked for all that it has, messages within messages too.
"""

from __future__ import annotations

import atexit
import json
import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
_PREPARED_WITHIN = 60.0
_PARTS = ("subject", "sender_name", "transport_headers", "plain_text_body")


@dataclass
class Told:
    """What a reading came to; bytes, seconds, and bytes of memory at the most."""

    items: int = 0
    bytes: int = 0
    seconds: float = 0.0
    first: float = 0.0
    cpu: float = 0.0
    memory: int = 0

    def add(self, octets: int, began: float) -> None:
        self.first = self.first or time.monotonic() - began
        self.items += 1
        self.bytes += octets


def main() -> None:
    """Read the files that are named, in the way that is named."""
    told = Told()
    ways = {"ours": partial(_ours, waiting=True), "cold": _ours, "libpff": _libpff}
    read = ways[sys.argv[1]](told)
    began, used = time.monotonic(), time.process_time()
    for path in sys.argv[2:]:
        for octets in read(path):
            told.add(octets, began)
    told.seconds = time.monotonic() - began
    told.cpu += time.process_time() - used
    told.memory += resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(json.dumps(asdict(told)))


def _ours(told: Told, *, waiting: bool = False) -> Callable[[str], Iterator[int]]:
    from omm_desktop.endpoints.any_file import open_file
    from omm_desktop.endpoints.outlook_file.at_hand import at_hand
    from omm_desktop.model.account import EndpointKind
    from omm_desktop.model.items import Item

    processes = _Processes()
    if waiting:
        at_hand.await_file()
        atexit.register(at_hand.await_none)
        if not at_hand.is_prepared(_PREPARED_WITHIN):
            raise RuntimeError("the reading process is not ready")
        processes.look()

    def read(path: str) -> Iterator[int]:
        source = open_file(EndpointKind.PST, Path(path))
        try:
            for folder in source.folders():
                for window in source.refs(folder, None):
                    for answer in source.fetch(folder, window):
                        if not isinstance(answer, Item):
                            raise RuntimeError(f"refused: {answer.problem.detail}")
                        yield answer.payload.size
                        answer.payload.close()
            told.cpu += processes.look()
            told.memory = max(told.memory, processes.memory)
        finally:
            source.close()

    return read


class _Processes:
    """The reading processes; `memory` in bytes at the most, of the largest."""

    def __init__(self) -> None:
        self._known: dict[int, float] = {}
        self.memory = 0

    def look(self) -> float:
        """The seconds of processor time they took since the last look (proc(5))."""
        used = 0.0
        for process in multiprocessing.active_children():
            folder = Path("/proc") / str(process.pid)
            user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
            now = (int(user) + int(system)) / _TICKS
            used += now - self._known.get(process.pid or 0, 0.0)
            self._known[process.pid or 0] = now
            lines = (folder / "status").read_text().splitlines()
            peak = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
            self.memory = max(self.memory, int(peak) << 10)
        return used


def _libpff(told: Told) -> Callable[[str], Iterator[int]]:
    import pypff

    return partial(_read_by_libpff, pypff)


def _read_by_libpff(pypff: Any, path: str) -> Iterator[int]:
    file = pypff.file()
    file.open(path)
    waiting: list[Any] = [file.get_root_folder()]
    while waiting:
        folder = waiting.pop()
        waiting += folder.sub_folders
        for index in range(folder.number_of_sub_messages):
            yield _octets(folder.get_sub_message(index))
    file.close()


def _octets(item: Any) -> int:
    if not hasattr(item, "transport_headers"):
        return _values(item.record_sets)
    size = sum(len(_part(item, name) or "") for name in _PARTS)
    size += len(_part(item, "html_body") or _part(item, "rtf_body") or "")
    _ = item.delivery_time, item.client_submit_time
    if item.recipients is not None:
        size += _values(item.recipients.record_sets)
    for attachment in item.attachments:
        size += len(getattr(attachment, "long_filename", None) or "")
        if attachment.number_of_sub_items:
            size += sum(map(_octets, attachment.sub_items))
        elif attachment.size:
            size += len(attachment.read_buffer(attachment.size))
    return size


def _part(item: Any, name: str) -> str | bytes | None:
    """A text of an item, None where libpff refuses it."""
    try:
        found: str | bytes | None = getattr(item, name)
    except OSError:
        return None
    return found


def _values(record_sets: Iterable[Any]) -> int:
    """The bytes of a table's properties."""
    return sum(len(entry.data or b"") for one in record_sets for entry in one.entries)


if __name__ == "__main__":
    main()
