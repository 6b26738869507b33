"""The self-test finds what is there, and what is not."""

from __future__ import annotations

import json
import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from omm_desktop.endpoints import trust
from omm_desktop.selftest import parts
from omm_desktop.selftest.verdict import Verdict, Wrong
from tests.guards import MemoryKeyring
from tests.servers.certificates import Authority


def test_of_this_checkout_everything_works(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    command = [sys.executable, "-m", "omm_desktop", "--selftest", "--offscreen"]
    command += ["--result", str(result), "--pictures", str(tmp_path)]
    homes = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "LANG": "fr_FR.UTF-8"}
    ended = subprocess.run(command, env={**os.environ, **homes}, capture_output=True, text=True)
    assert ended.stderr == ""
    told = json.loads(ended.stdout)
    assert json.loads(result.read_text()) == told
    checks = told["checks"]
    assert [name for name, check in checks.items() if not check["passed"]] == []
    assert ended.returncode == 0
    assert checks["languages"]["system_says"] == "fr"
    assert checks["window"]["platform"] == "offscreen"
    assert checks["window"]["cancel_in_french"] == "Annuler"
    assert (tmp_path / "first-page.png").stat().st_size > 10_000
    assert sorted(path.name for path in tmp_path.iterdir()) == ["first-page.png", "result.json"]


def _wrong() -> dict[str, object]:
    raise Wrong("nothing here")


def _crash() -> dict[str, object]:
    raise ZeroDivisionError


def test_one_wrong_thing_is_enough_and_is_named(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    verdict = Verdict(3, result)
    verdict.try_out("good", lambda: {"answer": 42})
    verdict.try_out("wrong", _wrong)
    verdict.try_out("crash", _crash)
    told = json.loads(result.read_text())
    assert not told["passed"]
    assert told["checks"]["good"]["answer"] == 42
    assert told["checks"]["wrong"]["fault"] == "nothing here"
    assert "ZeroDivisionError" in told["checks"]["crash"]["fault"]


def test_what_ends_before_its_last_check_has_not_passed(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    verdict = Verdict(2, result)
    verdict.try_out("first", dict)
    assert not json.loads(result.read_text())["passed"]
    verdict.try_out("second", dict)
    assert json.loads(result.read_text())["passed"]


def test_a_keyring_that_is_no_safe_place_is_a_fault_when_one_is_asked_for(
    memory_keyring: MemoryKeyring,
) -> None:
    assert parts.keyring() == {"back_end": "memory", "is_safe_place": False}
    with pytest.raises(Wrong, match="no keyring"):
        parts.keyring_in_use()
    assert memory_keyring.entries == {}


@pytest.mark.skipif(sys.platform != "linux", reason="counted in another way elsewhere")
def test_authorities_are_counted_as_a_connection_would_find_them(
    authority: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    assert parts.certificates()["roots"] == 1
    empty = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert trust.roots(empty) == 0
    (tmp_path / "0a1b2c3d.0").touch()
    (tmp_path / "README").touch()
    assert trust.roots(empty) == 1
