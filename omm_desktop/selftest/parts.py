"""The checks that need no window: everything the program is made of is there and loads."""

from __future__ import annotations

import importlib
import pkgutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import omm_desktop
from omm_desktop import language, paths
from omm_desktop.endpoints import trust
from omm_desktop.endpoints.outlook_file.source import OutlookFileSource
from omm_desktop.model.account import Account, EndpointKind, Security, Server
from omm_desktop.model.problem import OwnerNeeded, ProblemId
from omm_desktop.model.secret import Secret
from omm_desktop.store import database
from omm_desktop.store.credentials import Credentials
from omm_desktop.support.catalogue import catalogue

from .verdict import Found, Wrong

BY_NAME = (
    "dns.rdtypes.ANY.MX",
    "dns.rdtypes.ANY.TXT",
    "dns.rdtypes.IN.SRV",
    "exchangelib.autodiscover",
    "lxml.etree",
    "spnego._ntlm",
)
"""What libraries load by its name at run time, where no packager sees it."""

NOT_OUTLOOK = b"This is no file of Outlook's."
KEPT = "self-test, may be removed"


def modules() -> Found:
    """Every module of the program, and with them every library that one of them wants."""
    found = pkgutil.walk_packages(omm_desktop.__path__, f"{omm_desktop.__name__}.")
    names = [module.name for module in found]
    if len(names) < len(EndpointKind):
        raise Wrong(f"only {len(names)} modules are there")
    for name in (*names, *BY_NAME):
        importlib.import_module(name)
    return {"loaded": len(names), "by_name": len(BY_NAME)}


def resources() -> Found:
    """The data files, read by those who use them."""
    from omm_desktop.guide.manual import manual
    from omm_desktop.guide.providers import providers

    folder = paths.resources()
    files = sum(path.is_file() for path in folder.rglob("*"))
    for problem in ProblemId:
        catalogue().describe(problem)
    return {
        "folder": str(folder),
        "files": files,
        "services": len(providers().services),
        "chapters": len(manual().chapters),
    }


def languages() -> Found:
    """French words and French dates, and which language the system asks for."""
    from datetime import date

    from babel.dates import format_date

    language.set_language("fr")
    word = language.translate("Cancel")
    if word != "Annuler":
        raise Wrong(f"'Cancel' is {word!r} in French")
    day = format_date(date(2020, 8, 1), locale="fr")
    if "août" not in day:
        raise Wrong(f"the first of August 2020 is {day!r} in French")
    language.set_language(language.system_language())
    return {"known": list(language.LANGUAGES), "system_says": language.system_language()}


def time_zones() -> Found:
    """Windows has none of its own: they come with the program."""
    zone = ZoneInfo("Europe/Paris")
    return {"tried": str(zone)}


def records() -> Found:
    return {"sqlite": database.SQLITE_VERSION}


def certificates() -> Found:
    """The authorities this computer believes; None where they cannot be counted."""
    context = trust.default_context()
    roots = trust.roots(context)
    if roots == 0:
        raise Wrong("this computer believes no authority: no certificate could be verified")
    return {"store": type(context).__module__, "roots": roots, "openssl": trust.OPENSSL_VERSION}


def reading_process() -> Found:
    """Outlook files are read by this program started once more."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "none.pst"
        file.write_bytes(NOT_OUTLOOK)
        source = OutlookFileSource(file)
        try:
            source.folders()
        except OwnerNeeded as error:
            if error.problem.id is ProblemId.FILE_NOT_UNDERSTOOD:
                return {"answered": error.problem.id}
            raise
        finally:
            source.close()
    raise Wrong("what is no file of Outlook's was taken for one")


def keyring() -> Found:
    """Which keyring there is, without touching it: it might ask the person."""
    credentials = Credentials()
    return {"back_end": credentials.back_end, "is_safe_place": credentials.is_safe_place}


def keyring_in_use() -> Found:
    """A password is stored, found again by another session, and forgotten."""
    found = keyring()
    if not found["is_safe_place"]:
        raise Wrong(f"no keyring that counts as safe: {found['back_end']}")
    server = Server("localhost", 1, Security.TLS)
    account = Account(EndpointKind.IMAP, login=KEPT, server=server)
    kept = Secret("été €")
    Credentials().store(account, kept)
    try:
        if Credentials().recall(account) != kept:
            raise Wrong(f"{found['back_end']} did not give back what it was given")
    finally:
        Credentials().forget(account)
    if Credentials().recall(account) is not None:
        raise Wrong(f"{found['back_end']} did not forget")
    return {**found, "stored_found_forgotten": True}
