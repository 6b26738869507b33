"""Output whose reader is gone (`| head`): the copy goes on, and ends with its own status."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

# Windows tells the second of a pipe that nobody reads.
_NOBODY_READS = frozenset({errno.EPIPE, errno.EINVAL})


@contextmanager
def unread(stream: TextIO) -> Iterator[None]:
    """Within, writing to the stream may find no reader; what comes later then goes nowhere."""
    try:
        yield
    except OSError as error:
        if error.errno not in _NOBODY_READS:
            raise
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
