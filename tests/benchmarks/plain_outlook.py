"""Reads Outlook files to their end, with our source or with libpff: `ours FILE…`, `libpff FILE…`.

Prints as JSON items and bytes, the seconds from opening the first file to the end of the last and,
of these, until the first item; processor time and memory as well. What the program has loaded
before counts for neither; the start of our reading process does, and its processor time and memory
are added. libpff gives properties and no messages: of what a message of ours holds, it is asked for
all that it has, messages within messages too.
"""

from __future__ import annotations

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
    read = {"ours": _ours, "libpff": _libpff}[sys.argv[1]](told)
    began, used = time.monotonic(), time.process_time()
    for path in sys.argv[2:]:
        for octets in read(path):
            told.add(octets, began)
    told.seconds = time.monotonic() - began
    told.cpu += time.process_time() - used
    told.memory += resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
    print(json.dumps(asdict(told)))


def _ours(told: Told) -> Callable[[str], Iterator[int]]:
    from omm_desktop.endpoints.outlook_file.source import OutlookFileSource
    from omm_desktop.model.items import Item

    def read(path: str) -> Iterator[int]:
        source = OutlookFileSource(Path(path))
        try:
            for folder in source.folders():
                for window in source.refs(folder, None):
                    for answer in source.fetch(folder, window):
                        if not isinstance(answer, Item):
                            raise RuntimeError(f"refused: {answer.problem.detail}")
                        yield answer.payload.size
                        answer.payload.close()
            for process in multiprocessing.active_children():
                _add_process(told, Path("/proc") / str(process.pid))
        finally:
            source.close()

    return read


def _add_process(told: Told, folder: Path) -> None:
    """The processor time and the peak memory of another process (proc(5))."""
    user, system = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    told.cpu += (int(user) + int(system)) / _TICKS
    lines = (folder / "status").read_text().splitlines()
    peak = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    told.memory = max(told.memory, int(peak) << 10)


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
