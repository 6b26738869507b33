"""The bill of materials (CycloneDX 1.5) of what is installed, from the hashed requirements.

python3 installer/bill.py dist/omm-desktop.cdx.json
"""

from __future__ import annotations

import argparse
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import product

_ENTRY = re.compile(r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ ;]+)(?: ; (?P<when>.+?))? \\$")
_HASH = re.compile(r"--hash=sha256:(?P<digest>[0-9a-f]{64})")


def bill() -> dict[str, object]:
    """Every distribution of run.txt with its hashes and where it is used, and the Pythons."""
    moment = datetime.fromtimestamp(product.source_date(), UTC).isoformat()
    program = {
        "type": "application",
        "name": product.NAME,
        "version": product.version(),
        "licenses": [{"license": {"id": "MIT"}}],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"timestamp": moment, "component": program},
        "components": [*_pythons(), *_distributions()],
    }


def _pythons() -> list[dict[str, object]]:
    """Of Linux and macOS it is the newest that builds them."""
    used: dict[str, list[tuple[str, str]]] = {
        ".".join(map(str, product.PYTHON)): [("installed-when", "sys_platform != 'win32'")],
        product.WINDOWS_PYTHON: [
            ("installed-when", "sys_platform == 'win32'"),
            ("sha256", product.WINDOWS_PYTHON_SHA256),
        ],
    }
    return [
        {
            "type": "framework",
            "name": "python",
            "version": version,
            "licenses": [{"license": {"id": "Python-2.0"}}],
            "properties": [{"name": f"omm-desktop:{name}", "value": told} for name, told in said],
        }
        for version, said in used.items()
    ]


def _distributions() -> list[dict[str, object]]:
    text = (product.REQUIREMENTS / "run.txt").read_text()
    found: list[dict[str, object]] = []
    for entry in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE):
        match = _ENTRY.match(entry.partition("\n")[0])
        if match is None:
            continue
        url = f"pkg:pypi/{match['name']}@{match['version']}"
        digests = _HASH.findall(entry)
        found.append(
            {
                "type": "library",
                "bom-ref": url,
                "name": match["name"],
                "version": match["version"],
                "purl": url,
                "properties": [
                    {"name": "omm-desktop:installed-when", "value": match["when"] or "always"},
                    *({"name": "omm-desktop:sha256", "value": digest} for digest in digests),
                ],
            }
        )
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.parse_args().file.write_text(json.dumps(bill(), indent=2) + "\n", encoding="utf-8")
