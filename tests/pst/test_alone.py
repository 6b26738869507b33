"""The reader works without the rest of the program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import omm_desktop.endpoints.pst as reader

PROGRAM = """
import io, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from outlook_files.messaging.store import Store
from outlook_files.mime.message_writer import write_message
import outlook_files.organizer.appointment, outlook_files.organizer.contact
with Store(Path(sys.argv[2])) as store:
    for folder in store.folders():
        for nid in folder.item_ids():
            output = io.BytesIO()
            write_message(store.message(nid), output)
            print(folder.path, len(output.getvalue()))
"""


def test_it_runs_by_itself(pst_files: dict[str, Path], tmp_path: Path) -> None:
    shutil.copytree(Path(reader.__file__).parent, tmp_path / "outlook_files")
    file = pst_files["pstsdk__submessage.pst"]
    # Isolated, without site packages.
    command = [sys.executable, "-I", "-S", "-c", PROGRAM, str(tmp_path), str(file)]
    ended = subprocess.run(command, capture_output=True, text=True)
    assert ended.stderr == ""
    assert ended.stdout.startswith("('submessage',) ")
