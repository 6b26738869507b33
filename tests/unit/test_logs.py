"""The log file: clean, one line per event, small, private; and it catches what nobody caught."""

from __future__ import annotations

import gc
import logging
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from omm_desktop.model.problem import ItemError, Place, Problem, ProblemId
from omm_desktop.model.secret import Secret
from omm_desktop.support import logs
from omm_desktop.support.redact import Redactor

log = logging.getLogger("omm_desktop.test")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    root = logging.getLogger()
    level, raises = root.level, logging.raiseExceptions
    redactor = Redactor()
    redactor.register_secret(Secret("hunter2"))
    handler = logs.start(tmp_path, redactor)
    yield tmp_path
    logs.stop(handler)
    root.setLevel(level)
    logging.raiseExceptions = raises


@pytest.fixture
def hooks() -> Iterator[list[str]]:
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    told: list[str] = []
    logs.catch_the_uncaught(lambda: told.append("unexpected"))
    yield told
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def lines(folder: Path) -> list[str]:
    return (folder / logs.FILE_NAME).read_text(encoding="utf-8").splitlines()


def test_a_line_is_redacted_and_carries_run_and_code(folder: Path) -> None:
    log.info("zoe@exemple.fr uses %s", "hunter2", extra={"run": 12, "code": "11-01"})
    (line,) = lines(folder)
    assert "run=12 code=11-01 user1@domain1 uses •••" in line
    assert line[19] == "Z"


def test_what_a_server_says_cannot_forge_a_line(folder: Path) -> None:
    log.warning("NO \r\n2026-01-01 CRITICAL \x1b[2J forged\u2028x")
    (line,) = lines(folder)
    assert "\x1b" not in line
    assert "forged" in line


def test_a_traceback_is_one_clean_line(folder: Path) -> None:
    try:
        raise ValueError("password hunter2 of zoe@exemple.fr")
    except ValueError:
        log.exception("failed")
    (line,) = lines(folder)
    assert line.endswith('raise ValueError("password ••• of user1@domain1") | ValueError')


def test_what_an_exception_says_is_kept_only_where_it_quotes_nobody(folder: Path) -> None:
    refused = Problem(ProblemId.ITEM_REFUSED, Place.DESTINATION, "NO [OVERQUOTA] in Divorce")
    for error in (AttributeError("no attribute 'x'"), KeyError("Divorce"), ItemError(refused)):
        log.error("failed", exc_info=(type(error), error, None))
    assert [line.rpartition(" | ")[2] for line in lines(folder)] == [
        "AttributeError: no attribute 'x'",
        "KeyError",
        "ItemError: item-refused NO [OVERQUOTA]",
    ]


def test_the_causes_of_an_exception_are_told(folder: Path) -> None:
    try:
        try:
            raise OSError("Divorce.pst")
        except OSError as cause:
            raise ValueError("Divorce") from cause
    except ValueError:
        log.exception("failed")
    (line,) = lines(folder)
    assert "ValueError | after" in line
    assert line.endswith("OSError")


def test_libraries_are_quoted_only_before_names_are_filled_in(folder: Path) -> None:
    library = logging.getLogger("a.library")
    library.warning("cannot open %s", "Divorce")
    library.warning("cannot open Divorce")
    told = [line.rpartition("code=- ")[2] for line in lines(folder)]
    assert told == ["cannot open %s", "…"]


def test_details_of_protocol_libraries_stay_out(folder: Path) -> None:
    logging.getLogger("imapclient.imaplib").info("LOGIN zoe secret")
    log.debug("detail")
    log.info("kept")
    assert len(lines(folder)) == 1


def test_five_files_of_one_megabyte(folder: Path) -> None:
    for _ in range(60):
        log.info("x" * 100_000)
    sizes = [file.stat().st_size for file in folder.iterdir()]
    assert len(sizes) == 5
    assert max(sizes) <= 1_000_000


def test_the_newest_lines_are_found_over_two_files(folder: Path) -> None:
    for number in range(10):
        log.info("%02d %s", number, "x" * 100_000)
    told = logs.tail(folder).splitlines()
    assert [line.split()[-2] for line in told] == ["07", "08", "09"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps profiles private by itself")
def test_only_the_owner_may_read(folder: Path) -> None:
    for _ in range(15):
        log.info("x" * 100_000)
    modes = {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert modes == {0o600}


def test_the_main_thread_is_caught(
    folder: Path, hooks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    error = ValueError("hunter2")
    sys.excepthook(ValueError, error, None)
    assert lines(folder)[0].endswith("| ValueError")
    assert hooks == ["unexpected"]
    assert capsys.readouterr() == ("", "")


def test_ctrl_c_is_no_error(folder: Path, hooks: list[str]) -> None:
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert lines(folder) == []
    assert hooks == []


def test_another_thread_is_caught(
    folder: Path, hooks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    assert "ZeroDivisionError" in lines(folder)[0]
    assert hooks == ["unexpected"]
    assert capsys.readouterr() == ("", "")


class Unruly:
    def __del__(self) -> None:
        raise ValueError("hunter2")


def test_the_collector_is_caught(
    folder: Path, hooks: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    Unruly()
    gc.collect()
    assert lines(folder)[0].endswith("| ValueError")
    assert capsys.readouterr() == ("", "")
