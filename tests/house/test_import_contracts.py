"""The layers of the house are what CONTRIBUTING.md says they are."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLANTED = {
    "engine/planted.py": "import PySide6\nimport imapclient\nimport omm_desktop.endpoints\n",
    "endpoints/ews/transport/planted.py": "import omm_desktop.endpoints.ews.items\n",
    "endpoints/files/planted.py": "import omm_desktop.endpoints.imap.connection\n",
    "endpoints/pst/ndb/planted.py": (
        "import omm_desktop.model.items\nimport omm_desktop.endpoints.pst.ltp\n"
    ),
    "model/planted.py": "import platformdirs\nimport omm_desktop.engine\n",
    "guide/planted.py": "import keyring\nimport sqlite3\nimport pymap\nimport requests\n",
    "report/planted.py": "import icalendar\n",
    "wizard/planted.py": "import dns.message\nimport defusedxml\nimport exchangelib\n",
}


def _lint(folder: Path) -> dict[str, str]:
    """Each contract's name with KEPT or BROKEN."""
    lint = Path(sys.executable).parent / "lint-imports"
    command = [str(lint), "--no-logo", "--no-cache"]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    verdicts = re.findall(r"^(\S.*) (KEPT|BROKEN)\s*$", ended.stdout, re.MULTILINE)
    assert verdicts, ended.stdout
    return dict(verdicts)


def test_contracts_are_kept() -> None:
    assert set(_lint(ROOT).values()) == {"KEPT"}


def test_every_contract_can_be_broken(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "omm_desktop", tmp_path / "omm_desktop")
    for name, text in PLANTED.items():
        with (tmp_path / "omm_desktop" / name).open("a") as file:
            file.write(text)
    assert set(_lint(tmp_path).values()) == {"BROKEN"}
