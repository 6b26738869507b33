"""XML from strangers: no DTD, no entity, nothing fetched from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from omm_desktop.model.problem import CannotGoOn, Place, Problem, ProblemId


def parse(body: bytes, host: str, place: Place) -> Element:
    """The root element; raises CannotGoOn (SETTINGS_FILE_UNUSABLE)."""
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        problem = Problem(ProblemId.SETTINGS_FILE_UNUSABLE, place, type(error).__name__, host)
        raise CannotGoOn(problem) from error
    return root


def inside(element: Element, name: str) -> Iterator[Element]:
    """Every element of that name within, whatever its namespace."""
    return (one for one in element.iter() if _local(one) == name)


def text(element: Element, name: str) -> str:
    """What the first child of that name says; empty when there is none."""
    found = (child.text or "" for child in element if _local(child) == name)
    return next(found, "").strip()


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
