"""`omm-desktop diagnose` as a person starts it, on a name server that speaks or stays silent."""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path

from omm_desktop.guide.resolver import DEADLINE_SECONDS
from tests.servers.dns_server import DnsServer, Fault
from tests.unit.zones import DOMAIN, right_zone

from .command import CHECKOUT, PROGRAM, Ended

START_SECONDS = 40.0
"""More than a busy machine needs to start Python."""


def diagnose(server: DnsServer, home: Path, *arguments: str) -> Ended:
    ended = subprocess.run(
        [*PROGRAM, "diagnose", DOMAIN, "--resolver", server.address, *arguments],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "fr_FR.UTF-8",
             "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=100,
    )  # fmt: skip
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_a_right_zone(dns_server: DnsServer, tmp_path: Path) -> None:
    dns_server.zone = dict(right_zone("ovh-mxplan-eu"))
    ended = diagnose(dns_server, tmp_path, "--offer", "ovh-mxplan-eu")
    assert (ended.status, ended.errors) == (0, "")
    assert "Rien à changer." in ended.output


def test_silence_ends_at_the_deadline_with_its_code(dns_server: DnsServer, tmp_path: Path) -> None:
    dns_server.fault = Fault.SILENCE
    begun = time.monotonic()
    ended = diagnose(dns_server, tmp_path, "--offer", "ovh-emailpro")
    assert time.monotonic() - begun < DEADLINE_SECONDS + START_SECONDS
    assert ended.status == 4
    assert "Code 42-02" in ended.errors
    assert "Traceback" not in ended.errors
    assert "impossible à vérifier" in ended.output
