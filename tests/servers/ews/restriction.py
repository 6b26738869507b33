"""Restrictions: which items a FindItem is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from .fields import INDEXED, INSTANTS, KNOWN, NOT_SEARCHABLE, NUMBERS, boolean, is_boolean
from .moments import parse
from .properties import PropertyPath, read_path
from .soap import Element, EwsError, SoapFault, children, find, local

Path = str | PropertyPath
Values = Callable[[Path], str | list[str] | None]
Condition = Callable[[Values], bool]
Comparable = str | float | datetime
NUMERIC_TYPES = ("Integer", "Short", "Long", "Double", "Float", "Currency")


def read_restriction(element: Element) -> Condition:
    """A condition on the values of a thing; EwsError for one that makes no sense."""
    inside = children(element)
    if len(inside) != 1:
        raise EwsError("ErrorInvalidRestriction", "A restriction holds one expression.")
    return _expression(inside[0])


def _expression(element: Element) -> Condition:
    kind = local(element)
    if kind in ("And", "Or"):
        parts = [_expression(one) for one in children(element)]
        return lambda values: (all if kind == "And" else any)(part(values) for part in parts)
    if kind == "Not":
        inner = _expression(children(element)[0])
        return lambda values: not inner(values)
    path = read_field(children(element)[0])
    if kind == "Exists":
        return lambda values: values(path) is not None
    if kind == "Contains":
        return _contains(element, path)
    if kind.startswith("Is"):
        return _comparison(element, kind, path)
    raise EwsError("ErrorInvalidRestriction", f"{kind} is not supported.")


def read_field(element: Element) -> Path:
    """A field, an entry of a dictionary (`uri#index`), or an extended property."""
    if local(element) == "ExtendedFieldURI":
        return read_path(element)
    uri = element.get("FieldURI", "")
    if local(element) == "IndexedFieldURI":
        return f"{uri}#{element.get('FieldIndex', '')}"
    if uri not in KNOWN and uri not in INDEXED and not uri.startswith("folder:"):
        raise SoapFault("ErrorSchemaValidation", f"unknown FieldURI {uri!r}")
    if uri in NOT_SEARCHABLE:
        raise EwsError("ErrorUnsupportedPathForQuery", f"{uri} cannot be searched for.")
    return uri


def _contains(element: Element, path: Path) -> Condition:
    wanted = children(element)[1].get("Value", "")
    mode = element.get("ContainmentMode", "Substring")
    if element.get("ContainmentComparison") != "Exact":
        wanted = wanted.casefold()

    def holds(values: Values) -> bool:
        value = values(path)
        texts = value if isinstance(value, list) else [value or ""]
        if element.get("ContainmentComparison") != "Exact":
            texts = [text.casefold() for text in texts]
        if mode == "FullString":
            return wanted in texts
        if mode.startswith("Prefix"):
            return any(text.startswith(wanted) for text in texts)
        return any(wanted in text for text in texts)

    return holds


def _comparison(element: Element, kind: str, path: Path) -> Condition:
    holder = find(element, "t:FieldURIOrConstant/t:Constant")
    if holder is None:
        raise EwsError("ErrorInvalidRestriction", "Two fields cannot be compared here.")
    constant = holder.get("Value", "")
    try:
        wanted = _typed(path, constant)
    except ValueError:
        raise EwsError("ErrorUnsupportedPathForQuery", f"{constant!r} does not fit.") from None

    def holds(values: Values) -> bool:
        value = values(path)
        if value is None:
            return kind == "IsNotEqualTo"
        if isinstance(value, list):
            return (constant in value) is (kind == "IsEqualTo")
        found = _typed(path, value)
        return {
            "IsEqualTo": found == wanted,
            "IsNotEqualTo": found != wanted,
            "IsGreaterThan": found > wanted,
            "IsGreaterThanOrEqualTo": found >= wanted,
            "IsLessThan": found < wanted,
            "IsLessThanOrEqualTo": found <= wanted,
        }[kind]

    return holds


def _typed(path: Path, text: str) -> Comparable:
    type_ = path.type if isinstance(path, PropertyPath) else ""
    if path in INSTANTS or type_ == "SystemTime":
        return parse(text)
    if path in NUMBERS or type_ in NUMERIC_TYPES:
        return float(text)
    if type_ == "Boolean" or (isinstance(path, str) and is_boolean(path.partition(":")[2])):
        return boolean(text)
    return text


def sort_key(path: Path, value: str | list[str] | None) -> tuple[bool, Comparable]:
    """Orders values of a field; what has none comes first."""
    if value is None or isinstance(value, list):
        return False, ""
    return True, _typed(path, value)
