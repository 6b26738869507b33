"""Validation against Microsoft's own schema files, for whoever has them.

They are not part of this repository. `OMM_EWS_SCHEMA` names the folder with `messages.xsd` and
`types.xsd`; requests and replies of the tests are then checked against them too.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from lxml import etree

from .soap import Element

XSD = "{http://www.w3.org/2001/XMLSchema}"
XML = "http://www.w3.org/XML/1998/namespace"
LANGUAGE = f"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="{XML}">
<attribute name="lang" type="language"/></schema>"""
HEADS_OF_SUBSTITUTIONS = {
    "AbsoluteDateTransition",
    "RecurringDayTransition",
    "RecurringDateTransition",
}


class _Files(etree.Resolver):
    """Finds the other file by its name, whatever the import says."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def resolve(self, system_url: str, public_id: str | None, context: object) -> object:
        if system_url.endswith("types.xsd"):
            return self.resolve_string(etree.tostring(_mended(self._folder / "types.xsd")), context)
        return self.resolve_string(LANGUAGE, context)


def _mended(path: Path) -> Element:
    """The schema without what libxml2 does not take: an import of nothing, an ambiguous list."""
    root = etree.parse(path).getroot()
    for one in root.iter(f"{XSD}import"):
        own = one.get("namespace") != XML
        one.set("schemaLocation", "types.xsd" if own else "language.xsd")
    for one in list(
        root.iterfind(f"{XSD}complexType[@name='ArrayOfTransitionsType']//{XSD}element")
    ):
        parent = one.getparent()
        if parent is not None and one.get("ref", "")[2:] in HEADS_OF_SUBSTITUTIONS:
            parent.remove(one)
    return root


@cache
def published_schema() -> etree.XMLSchema | None:
    """The schema, or None when this machine has none."""
    folder = os.environ.get("OMM_EWS_SCHEMA")
    if not folder:
        return None
    parser = etree.XMLParser()
    parser.resolvers.add(_Files(Path(folder)))
    text = etree.tostring(_mended(Path(folder) / "messages.xsd"))
    return etree.XMLSchema(etree.fromstring(text, parser, base_url="messages.xsd"))


def violations(body: Element) -> list[str]:
    """What the published schema says against a request or a reply; empty without the files."""
    schema = published_schema()
    if schema is None or schema.validate(body):
        return []
    return [f"{error.line}: {error.message}" for error in schema.error_log]
