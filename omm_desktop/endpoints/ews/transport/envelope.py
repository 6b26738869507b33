"""A request on its way: SOAP with mails in it, in memory while it is small, else in a file."""

from __future__ import annotations

import re
import secrets
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import IO

from ....model.disk import disk_problem
from ....model.items import Payload
from ....model.problem import CannotGoOn

_IN_MEMORY = 16 << 20
_PIECE = 3 << 18


class Placeholders:
    """Texts that stand for mails in a request until it is written."""

    def __init__(self, payloads: Sequence[Payload]) -> None:
        self._word = secrets.token_hex(8)
        self._payloads = payloads

    def text(self, number: int) -> str:
        """What stands for the mail of that number."""
        return f"{self._word}-{number}-"

    @property
    def size(self) -> int:
        """Bytes of the mails once they are base64."""
        return sum(4 * -(-payload.size // 3) for payload in self._payloads)

    def filled(self, soap: bytes) -> IO[bytes]:
        """The request, to be read from its start. Raises `CannotGoOn` when the disk is full."""
        if self.size + len(soap) <= _IN_MEMORY:
            return BytesIO(b"".join(self._pieces(soap)))
        # Closed by the caller, once it is sent.
        file: IO[bytes] = tempfile.TemporaryFile(prefix="omm-")  # noqa: SIM115
        try:
            for piece in self._pieces(soap):
                file.write(piece)
            file.seek(0)
        except OSError as error:
            file.close()
            raise CannotGoOn(disk_problem(error)) from error
        return file

    def _pieces(self, soap: bytes) -> Iterator[bytes]:
        parts = re.split(rb"%b-(\d+)-" % self._word.encode(), soap)
        yield parts[0]
        for number, after in zip(parts[1::2], parts[2::2], strict=True):
            for piece in self._payloads[int(number)].pieces(_PIECE):
                yield b64encode(piece)
            yield after
