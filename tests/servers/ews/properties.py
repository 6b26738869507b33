"""Extended properties: how a request names them, and the values an item has."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass, replace

from .moments import instant
from .soap import Element, EwsError, find, find_all, make, need

PROPERTY_SETS = {
    "Meeting": "6ed8da90-450b-101b-98da-00aa003f1305",
    "Appointment": "00062002-0000-0000-c000-000000000046",
    "Common": "00062008-0000-0000-c000-000000000046",
    "PublicStrings": "00020329-0000-0000-c000-000000000046",
    "Address": "00062004-0000-0000-c000-000000000046",
    "InternetHeaders": "00020386-0000-0000-c000-000000000046",
    "CalendarAssistant": "11000e07-b51b-40d6-af21-caa85edab1d0",
    "UnifiedMessaging": "4442858e-a9e3-4e80-b900-317a210cc15b",
    "Task": "00062003-0000-0000-c000-000000000046",
    "Sharing": "00062040-0000-0000-c000-000000000046",
}
LONGEST_IN_FIND = 255
"""Characters of a text that FindItem returns."""

Value = str | list[str]


@dataclass(frozen=True, slots=True)
class PropertyPath:
    """A tag, or a set with a name or a number; and the type of the value."""

    type: str
    tag: int | None = None
    set: str | None = None
    name: str | None = None
    number: int | None = None

    @property
    def multiple(self) -> bool:
        return self.type.endswith("Array")


def tagged(tag: int, type_: str) -> PropertyPath:
    return PropertyPath(type_, tag)


def read_path(element: Element) -> PropertyPath:
    """The path of an ExtendedFieldURI; EwsError when its attributes contradict each other."""
    type_ = element.get("PropertyType")
    tag, set_id = element.get("PropertyTag"), element.get("PropertySetId")
    known_set, name = element.get("DistinguishedPropertySetId"), element.get("PropertyName")
    number = element.get("PropertyId")
    if type_ is None or (known_set is not None and known_set not in PROPERTY_SETS):
        raise _bad_path()
    if tag is not None:
        if any((set_id, known_set, name, number)) or int(tag, 0) >= 0x8000:
            raise _bad_path()
        return PropertyPath(type_, int(tag, 0))
    if (set_id is None) == (known_set is None) or (name is None) == (number is None):
        raise _bad_path()
    guid = PROPERTY_SETS[known_set] if known_set is not None else str(set_id).lower().strip("{}")
    return PropertyPath(type_, None, guid, name, None if number is None else int(number, 0))


def write_path(path: PropertyPath) -> Element:
    """The ExtendedFieldURI of a path, as Exchange writes it."""
    if path.tag is not None:
        return make("t:ExtendedFieldURI", PropertyTag=f"0x{path.tag:x}", PropertyType=path.type)
    names = {guid: name for name, guid in PROPERTY_SETS.items()}
    known = names.get(path.set or "")
    return make(
        "t:ExtendedFieldURI",
        DistinguishedPropertySetId=known,
        PropertySetId=None if known else path.set,
        PropertyName=path.name,
        PropertyId=path.number,
        PropertyType=path.type,
    )


def read_property(element: Element) -> tuple[PropertyPath, Value]:
    """Path and value of an ExtendedProperty; EwsError when they do not fit."""
    path = read_path(need(element, "t:ExtendedFieldURI"))
    value, values = find(element, "t:Value"), find(element, "t:Values")
    if path.multiple:
        if values is None:
            raise _bad_value()
        return path, [
            _checked(one.text or "", path.type[:-5]) for one in find_all(values, "t:Value")
        ]
    if value is None:
        raise _bad_value()
    return path, _checked(value.text or "", path.type)


def _checked(text: str, type_: str) -> str:
    try:
        if type_ in ("Integer", "Short", "Long"):
            return str(int(text))
        if type_ == "Boolean":
            return {"true": "true", "1": "true", "false": "false", "0": "false"}[text]
        if type_ == "Binary":
            b64decode(text, validate=True)
        elif type_ == "SystemTime":
            return instant(text)
    except (ValueError, KeyError):
        raise _bad_value() from None
    return text


def _bad_path() -> EwsError:
    return EwsError(
        "ErrorInvalidExtendedProperty", "Extended property attributes do not go together."
    )


def _bad_value() -> EwsError:
    return EwsError(
        "ErrorInvalidExtendedPropertyValue", "The value does not fit the extended property's type."
    )


class Properties:
    """The extended properties of one thing. Types are not part of a property's name."""

    def __init__(self) -> None:
        self._values: dict[PropertyPath, Value] = {}
        self._types: dict[PropertyPath, str] = {}

    def __getitem__(self, path: PropertyPath) -> Value | None:
        return self._values.get(replace(path, type=""))

    def __setitem__(self, path: PropertyPath, value: Value) -> None:
        name = replace(path, type="")
        self._values[name] = value
        self._types[name] = path.type

    def __contains__(self, path: PropertyPath) -> bool:
        return replace(path, type="") in self._values

    def remove(self, path: PropertyPath) -> None:
        self._values.pop(replace(path, type=""), None)

    def tag(self, tag: int) -> str | None:
        """The single value with that tag."""
        value = self[tagged(tag, "")]
        assert not isinstance(value, list)
        return value

    def items(self) -> Iterable[tuple[PropertyPath, Value]]:
        """Each with its name, which tells no type."""
        return self._values.items()

    def copy(self) -> Properties:
        other = Properties()
        other._values, other._types = dict(self._values), dict(self._types)
        return other


def write_property(path: PropertyPath, value: Value, *, shortened: bool = False) -> Element:
    """The ExtendedProperty of a reply; FindItem shows texts shortened."""
    longest = LONGEST_IN_FIND if shortened and path.type.startswith("String") else None
    if isinstance(value, list):
        content = make("t:Values", *(make("t:Value", one[:longest]) for one in value))
    else:
        content = make("t:Value", value[:longest])
    return make("t:ExtendedProperty", write_path(path), content)
