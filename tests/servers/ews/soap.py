"""SOAP envelopes and the few ways we build and read XML."""

from __future__ import annotations

from collections.abc import Iterable

from lxml import etree

from .versions import ExchangeVersion

Element = etree._Element

S = "http://schemas.xmlsoap.org/soap/envelope/"
M = "http://schemas.microsoft.com/exchange/services/2006/messages"
T = "http://schemas.microsoft.com/exchange/services/2006/types"
E = "http://schemas.microsoft.com/exchange/services/2006/errors"
NAMESPACES = {"s": S, "m": M, "t": T, "e": E}
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)


class EwsError(Exception):
    """An error of one item or folder: a response code, a sentence, and details by name."""

    def __init__(self, code: str, message: str = "", **details: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message or code
        self.details = details


class SoapFault(EwsError):
    """An error of the whole request."""


def make(name: str, *content: Element | str | None, **attributes: object) -> Element:
    """An element; `name` has a prefix (`t:Subject`), None among the content is left out."""
    prefix, _, tag = name.rpartition(":")
    used = {prefix: NAMESPACES[prefix]} if prefix else {}
    element = etree.Element(f"{{{NAMESPACES[prefix]}}}{tag}" if prefix else tag, nsmap=used)
    for key, value in attributes.items():
        if value is not None:
            element.set(key, plain(value))
    for part in content:
        if isinstance(part, str):
            element.text = part
        elif part is not None:
            element.append(part)
    return element


def plain(value: object) -> str:
    """The XML text of a value."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def local(element: Element) -> str:
    """The name without its namespace."""
    tag: str = element.tag
    return tag.rpartition("}")[2]


def find(element: Element, path: str) -> Element | None:
    return element.find(path, NAMESPACES)


def need(element: Element, path: str) -> Element:
    """The element at `path`; SoapFault when the request lacks it."""
    found = find(element, path)
    if found is None:
        raise SoapFault("ErrorSchemaValidation", f"{local(element)} needs {path}")
    return found


def find_all(element: Element, path: str) -> list[Element]:
    return element.findall(path, NAMESPACES)


def text_at(element: Element, path: str) -> str | None:
    return element.findtext(path, None, NAMESPACES)


def children(element: Element) -> list[Element]:
    """Child elements, without comments."""
    return [child for child in element if isinstance(child.tag, str)]


def success(operation: str, *content: Element | None) -> Element:
    """The response message of one thing that went well."""
    return make(
        f"m:{operation}ResponseMessage",
        make("m:ResponseCode", "NoError"),
        *content,
        ResponseClass="Success",
    )


def failure(operation: str, error: EwsError, *content: Element | None) -> Element:
    """The response message of one thing that failed."""
    details = [make("t:Value", text, Name=name) for name, text in error.details.items()]
    return make(
        f"m:{operation}ResponseMessage",
        make("m:MessageText", error.message),
        make("m:ResponseCode", error.code),
        make("m:DescriptiveLinkKey", "0"),
        make("m:MessageXml", *details) if details else None,
        *content,
        ResponseClass="Error",
    )


def response(operation: str, messages: Iterable[Element]) -> Element:
    """The whole response of an operation."""
    return make(f"m:{operation}Response", make("m:ResponseMessages", *messages))


def fault(error: EwsError) -> Element:
    """The SOAP fault of a request that failed as a whole."""
    details = [make("t:Value", text, Name=name) for name, text in error.details.items()]
    return make(
        "s:Fault",
        make("faultcode", f"a:{error.code}"),
        make("faultstring", error.message),
        make(
            "detail",
            make("e:ResponseCode", error.code),
            make("e:Message", error.message),
            make("t:MessageXml", *details) if details else None,
        ),
    )


def envelope(body: Element, version: ExchangeVersion) -> bytes:
    """The reply as it goes over the wire."""
    header = etree.Element(f"{{{T}}}ServerVersionInfo", version.attributes, nsmap={"t": T})
    whole = etree.Element(f"{{{S}}}Envelope", nsmap={"s": S, "m": M, "t": T})
    whole.append(make("s:Header", header))
    whole.append(make("s:Body", body))
    etree.cleanup_namespaces(whole, keep_ns_prefixes=["s", "m", "t"])
    return etree.tostring(whole, xml_declaration=True, encoding="utf-8")
