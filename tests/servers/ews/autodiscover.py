"""Autodiscover, in both forms: SOAP for today's clients, POX for the old ones."""

from __future__ import annotations

from lxml import etree

from .soap import PARSER, Element, S, local
from .store import Store
from .versions import ExchangeVersion

A = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
POX = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"
POX_FRAME = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"


def _make(name: str, *content: Element | str, namespace: str = A) -> Element:
    element = etree.Element(f"{{{namespace}}}{name}", nsmap={None: namespace})
    for part in content:
        if isinstance(part, str):
            element.text = part
        else:
            element.append(part)
    return element


def _redirect(target: str) -> str:
    return "Url" if "://" in target else "Address"


def answer_soap(data: bytes, store: Store, url: str, version: ExchangeVersion) -> bytes:
    """The reply to GetUserSettings: each user asked about, known or not."""
    request = etree.fromstring(data, PARSER)
    wanted = [one.text or "" for one in request.iter(f"{{{A}}}Setting")]
    users = [one.text or "" for one in request.iter(f"{{{A}}}Mailbox")]
    answers = _make("UserResponses", *(_user(store, url, one, wanted) for one in users))
    reply = _make(
        "GetUserSettingsResponseMessage",
        _make("Response", _make("ErrorCode", "NoError"), _make("ErrorMessage", ""), answers),
    )
    whole = etree.Element(f"{{{S}}}Envelope", nsmap={"s": S, "xsi": XSI})
    header, body = (etree.SubElement(whole, f"{{{S}}}{name}") for name in ("Header", "Body"))
    names = ("MajorVersion", "MinorVersion", "MajorBuildNumber", "MinorBuildNumber")
    numbers = zip(names, version.build, strict=True)
    shown = [_make(name, str(number)) for name, number in numbers]
    header.append(_make("ServerVersionInfo", *shown, _make("Version", version.newest_schema)))
    body.append(reply)
    return etree.tostring(whole, xml_declaration=True, encoding="utf-8")


def _user(store: Store, url: str, address: str, wanted: list[str]) -> Element:
    target = store.redirects.get(address.casefold())
    if target is not None:
        return _make(
            "UserResponse",
            _make("ErrorCode", f"Redirect{_redirect(target)}"),
            _make("ErrorMessage", "Ask there."),
            _make("RedirectTarget", target),
        )
    mailbox = store.mailboxes.get(address.casefold())
    if mailbox is None:
        return _make(
            "UserResponse",
            _make("ErrorCode", "InvalidUser"),
            _make("ErrorMessage", f"Invalid user: '{address}'"),
        )
    known = {
        "UserDisplayName": mailbox.name,
        "UserDN": mailbox.directory_name,
        "AutoDiscoverSMTPAddress": mailbox.address,
        "InternalEwsUrl": url,
        "ExternalEwsUrl": url,
        "EwsSupportedSchemas": "Exchange2010, Exchange2013, Exchange2016",
    }
    settings = []
    for name in wanted:
        if name in known:
            setting = _make("UserSetting", _make("Name", name), _make("Value", known[name]))
            setting.set(f"{{{XSI}}}type", "StringSetting")
            settings.append(setting)
    return _make(
        "UserResponse",
        _make("ErrorCode", "NoError"),
        _make("ErrorMessage", ""),
        _make("UserSettings", *settings),
    )


def answer_pox(data: bytes, store: Store, url: str) -> bytes:
    """The reply to an Autodiscover.xml request: protocols with their EWS URL, or error 500."""
    request = etree.fromstring(data, PARSER)
    asked = [one.text or "" for one in request.iter() if local(one) == "EMailAddress"]
    address = asked[0].casefold() if asked else ""
    mailbox, target = store.mailboxes.get(address), store.redirects.get(address)
    whole = etree.Element(f"{{{POX_FRAME}}}Autodiscover", nsmap={None: POX_FRAME})
    if target is not None:
        kind = _redirect(target)
        action = _pox("Action", f"redirect{kind.replace('Address', 'Addr')}")
        where = _pox(f"Redirect{kind.replace('Address', 'Addr')}", target)
        whole.append(_pox("Response", _pox("Account", action, where)))
        return etree.tostring(whole, xml_declaration=True, encoding="utf-8")
    if mailbox is None:
        error = _make(
            "Error",
            _make("ErrorCode", "500", namespace=POX_FRAME),
            _make("Message", "The email address can't be found.", namespace=POX_FRAME),
            namespace=POX_FRAME,
        )
        whole.append(_make("Response", error, namespace=POX_FRAME))
        return etree.tostring(whole, xml_declaration=True, encoding="utf-8")
    user = _pox(
        "User", _pox("DisplayName", mailbox.name), _pox("AutoDiscoverSMTPAddress", mailbox.address)
    )
    account = _pox("Account", _pox("AccountType", "email"), _pox("Action", "settings"))
    account.extend(
        _pox("Protocol", _pox("Type", kind), _pox("EwsUrl", url), _pox("ASUrl", url))
        for kind in ("EXCH", "EXPR")
    )
    whole.append(_pox("Response", user, account))
    return etree.tostring(whole, xml_declaration=True, encoding="utf-8")


def _pox(name: str, *content: Element | str) -> Element:
    return _make(name, *content, namespace=POX)
