"""Every module can be the first to be loaded: none needs one that needs it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from importlib.util import resolve_name
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_no_module_needs_itself() -> None:
    files = {_name(file): file for file in (ROOT / "omm_desktop").rglob("*.py")}
    needs = {
        name: {one for one in _imported(name, file, files) if one in files and one != name}
        for name, file in files.items()
    }
    assert needs["omm_desktop.endpoints.files.mail_item"] >= {"omm_desktop.endpoints.convert.mail"}
    TopologicalSorter(needs).prepare()


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def _imported(name: str, file: Path, known: dict[str, Path]) -> Iterator[str]:
    """What is loaded as soon as the module is; not what a function loads when it is called."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.parse(file.read_bytes()).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = resolve_name("." * node.level + (node.module or ""), package)
            for alias in node.names:
                inner = f"{module}.{alias.name}"
                yield inner if inner in known else module
