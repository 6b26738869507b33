"""Content lines of vCard (versit, RFC 2426, RFC 6350) and iCalendar, broken ones included."""

from __future__ import annotations

import quopri
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, replace

Params = tuple[tuple[str, tuple[str, ...]], ...]

_NAMED = re.compile(r"(?:(?P<group>[\w.-]+)\.)?(?P<name>[A-Za-z0-9_-]+)(?=[;:])")
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
_CHARSET = re.compile(rb';CHARSET="?([^;:"]*)"?', re.IGNORECASE)
_NOT_A_NAME = re.compile(r"[^\w-]")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_SURELY_DATA = 80
"""Characters of base64 that are no word: some programs forget to say the encoding."""
_ENCODINGS = frozenset({"quoted-printable", "base64", "b", "8bit", "7bit"})
_BLANK_BEFORE_FOLDED = re.compile(rb"(?<!\n)\n{2,}+(?=[ \t]++(?![\w.-]+[;:])[^\s])")
"""Some programs put empty lines before what continues a line."""
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


@dataclass(frozen=True, slots=True)
class Line:
    """A property: `name` upper case, parameter names lower case, `value` with its escapes."""

    name: str
    value: str
    params: Params = ()
    group: str = ""

    def values(self, param: str) -> tuple[str, ...]:
        """All values of a parameter in lower case, repeated parameters joined."""
        return tuple(one.lower() for name, given in self.params if name == param for one in given)

    @property
    def types(self) -> frozenset[str]:
        """The kinds of the property; `pref` among them when it is the preferred one."""
        preferred = {"pref"} if "1" in self.values("pref") else set()
        return frozenset({one for one in self.values("type") if one} | preferred)

    @property
    def text(self) -> str:
        return unescape(self.value)

    def parts(self, separator: str) -> tuple[str, ...]:
        """The value cut at unescaped separators, each part without its escapes and outer spaces."""
        return tuple(unescape(part).strip() for part in cut(self.value, separator))

    def data(self) -> bytes | None:
        """The bytes of a binary value, inline or as a `data:` URI (RFC 2397); None when none."""
        encoded = self.value
        if encoded[:5].lower() == "data:":
            about, _, encoded = encoded[5:].replace("\\,", ",").replace("\\;", ";").partition(",")
            if not about.lower().endswith(";base64"):
                return None
        elif not {"b", "base64"} & set(self.values("encoding")) and len(encoded) < _SURELY_DATA:
            return None
        compact = re.sub(r"\s", "", encoded)
        try:
            return b64decode(compact + "=" * (-len(compact) % 4), validate=True) or None
        except ValueError:
            return None


def write_line(line: Line) -> str:
    """The line as RFC 5545 wants it, unfolded; quotes and line ends leave the parameters."""
    params = "".join(
        f";{_NOT_A_NAME.sub('', name).upper()}={','.join(_quoted(value) for value in values)}"
        for name, values in line.params
    )
    return f"{line.name}{params}:{line.value}"


def _quoted(value: str) -> str:
    plain = re.sub(r'["\r\n]', "", value)
    return f'"{plain}"' if re.search(r"[,;:]", plain) else plain


def unescape(value: str) -> str:
    r"""Text without the escapes of RFC 6350 section 3.4; versit's `\;` too, any other stays."""

    def plain(found: re.Match[str]) -> str:
        one = found[1]
        if one in "nN":
            return "\n"
        return one if one in "\\,;:" else found[0]

    return _ESCAPE.sub(plain, value)


def escape(text: str) -> str:
    """Text as RFC 6350 section 3.4 and RFC 5545 section 3.3.11 want it."""
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def cut(value: str, separator: str) -> list[str]:
    """The value cut at separators that no backslash precedes."""
    parts, start, escaped = [], 0, False
    for place, one in enumerate(value):
        if one == separator and not escaped:
            parts.append(value[start:place])
            start = place + 1
        escaped = one == "\\" and not escaped
    return [*parts, value[start:]]


def decode(data: bytes) -> str:
    """Text of a file: by its mark, else UTF-8, else Windows-1252 (latin-1 where that has gaps).

    UTF-8 of which only a sign is cut or broken stays UTF-8.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            if _is_broken_utf8(data):
                return data.decode("utf-8", "replace")
    return data.decode("latin-1")


def _is_broken_utf8(data: bytes) -> bool:
    """Whether more of its signs are whole than broken: no text of Windows looks like that."""
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return broken < sum(one > "\x7f" for one in text) - broken


def one_line_end(data: bytes) -> bytes:
    """The file in an encoding that keeps ASCII, without its mark, lines ended by LF."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = decode(data).encode()
    return data.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def in_utf8(data: bytes) -> bytes:
    """The same lines in UTF-8; those in a charset of their own say so of the new one."""
    if data.isascii() or (_is_utf8(data) and b"charset" not in data.lower()):
        return data
    return b"\n".join(_line_in_utf8(raw) for _, raw in _logical(data))


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _line_in_utf8(raw: bytes) -> bytes:
    about, colon, value = raw.partition(b":")
    charset = _CHARSET.search(about)
    if raw.isascii() or charset is None or b"QUOTED-PRINTABLE" in about.upper():
        return decode(raw).encode()
    about = about[: charset.start()] + b";CHARSET=UTF-8" + about[charset.end() :]
    return decode(about).encode() + colon + _in_charset(value, decode(charset[1])).encode()


def read_lines(data: bytes) -> Iterator[Line]:
    """The properties of a card or a calendar; what is no property is left out."""
    for text, raw in _logical(data):
        found = _NAMED.match(text)
        if found is not None:
            yield _line(found, text, raw)


def _line(found: re.Match[str], text: str, raw: bytes) -> Line:
    end = _end_of_params(text, found.end())
    params = _params(text[found.end() : end]) if end > found.end() else ()
    value = text[end + 1 :]
    line = Line(found["name"].upper(), value, params, found["group"] or "")
    if params:
        charset = (line.values("charset") or ("",))[0]
        encoded = raw.split(b":", maxsplit=1)[-1]
        if "quoted-printable" in line.values("encoding"):
            # Versit's line ends are plain text within quoted-printable.
            decoded = _in_charset(quopri.decodestring(encoded), charset)
            value = re.sub(r"\r\n?|\n", r"\\n", decoded)
        elif charset:
            value = _in_charset(encoded, charset)
        params = _undone(params)
    value = _NOT_TEXT.sub("", value).strip()
    if value == line.value and params == line.params:
        return line
    return replace(line, value=value, params=params)


def _undone(params: Params) -> Params:
    """Without what told of an encoding that is undone."""
    return tuple(
        (name, values)
        for name, values in params
        if name != "charset"
        and (name != "encoding" or [one.lower() for one in values] != ["quoted-printable"])
    )


def _in_charset(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset or "utf-8")
    except (LookupError, ValueError):
        return decode(data)


def _end_of_params(text: str, start: int) -> int:
    """Where the colon before the value is; colons within quotes do not count."""
    quoted = False
    for place in range(start, len(text)):
        if text[place] == '"':
            quoted = not quoted
        elif text[place] == ":" and not quoted:
            return place
    return text.index(":", start) if ":" in text[start:] else len(text)


def _params(text: str) -> Params:
    """`;TYPE=a,b;PREF` → (("type", ("a", "b")), ("type", ("PREF",)))."""
    given: list[tuple[str, tuple[str, ...]]] = []
    for part in re.findall(r';((?:[^;"]|"[^"]*"?)*)', text):
        name, equals, value = part.strip().partition("=")
        if not equals:
            bare = name.lower()
            given.append(("encoding" if bare in _ENCODINGS else "type", (name,)))
            continue
        values = re.findall(r'"([^"]*)"?|([^,"]+)', value)
        # A quoted list such as TYPE="work,voice" is one value of RFC 6350 and meant as two.
        texts = [one.strip() for quoted, plain in values for one in _split(name, quoted or plain)]
        given.append((name.strip().lower(), tuple(filter(None, texts))))
    return tuple(given)


def _split(name: str, value: str) -> list[str]:
    return value.split(",") if name.strip().lower() == "type" else [value]


def _logical(data: bytes) -> Iterator[tuple[str, bytes]]:
    """Unfolded lines as text and as bytes."""
    physical = _BLANK_BEFORE_FOLDED.sub(b"\n", one_line_end(data))
    current = b""
    for one in [*physical.split(b"\n"), b"END:"]:
        joined = _joined(current, one)
        if joined is not None:
            current = joined
            continue
        if current.strip():
            yield decode(current), current
        current = one.lstrip() if not current else one


def _joined(current: bytes, following: bytes) -> bytes | None:
    """The line with its continuation, None when what follows is a line of its own."""
    about = current.split(b":", maxsplit=1)[0].upper()
    if b"QUOTED-PRINTABLE" in about and current.rstrip().endswith(b"="):
        return current.rstrip()[:-1] + following
    if current and following[:1] in (b" ", b"\t"):
        return current + following[1:]
    # Some programs neither indent base64 nor end it with an empty line.
    if b"BASE64" in about and re.fullmatch(rb"[A-Za-z0-9+/]{20,}={0,2}\s*", following):
        return current + following
    return None
