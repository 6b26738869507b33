"""Takes what is private out of a text: secrets, then addresses and logins, then home folders.

The same person always gets the same pseudonym, so that a log still tells who did what.
"""

from __future__ import annotations

import base64
import json
import re
import threading
from pathlib import Path
from urllib.parse import quote

from omm_desktop.model.secret import Secret

_HIDDEN = "•••"
# Starts only where a word starts and never steps back: linear even over a megabyte of one word.
_ADDRESS = re.compile(r"(?<![\w.%+&~-])[\w.%+&~-][\w.%+&~'-]*+@[\w-]++(?:\.[\w-]++)*")
PSEUDONYM = re.compile(r"user\d+@domain\d+")
_HOME = re.compile(r"(?:/home/|/Users/|[A-Za-z]:[\\/]+Users[\\/]+)[^\\/\s:'\"]+")


class Redactor:
    """Learns secrets and logins as they appear; `clean` is safe to call from every thread."""

    def __init__(self, home: Path | None = None) -> None:
        self._home = str(home or Path.home())
        self._lock = threading.Lock()
        self._secrets: set[str] = set()
        self._logins: set[str] = set()
        self._users: dict[str, str] = {}
        self._domains: dict[str, str] = {}

    def register_secret(self, secret: Secret) -> None:
        """From now on neither the secret nor its usual encodings pass."""
        text = secret.reveal()
        if not text:
            return
        raw = text.encode("utf-8", "surrogatepass")
        with self._lock:
            self._secrets |= {
                text,
                json.dumps(text)[1:-1],
                repr(text)[1:-1],
                text.replace("\\", "\\\\").replace('"', '\\"'),
                quote(text, safe="", errors="surrogatepass"),
                base64.b64encode(raw).decode("ascii"),
            }

    def register_login(self, login: str) -> None:
        """A login that is not an address ("marie") is recognised only when it is known."""
        if login and "@" not in login:
            with self._lock:
                self._logins.add(login)

    def clean(self, text: str) -> str:
        """The text without secrets, addresses, known logins and names of home folders."""
        with self._lock:
            text = self._without_secrets(text)
            text = _ADDRESS.sub(self._pseudonym, text)
            text = self._without_logins(text)
        return _HOME.sub("~", self._without_home(text))

    def _without_secrets(self, text: str) -> str:
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, _HIDDEN)
        return text

    def _pseudonym(self, found: re.Match[str]) -> str:
        address = found[0]
        if PSEUDONYM.fullmatch(address):
            return address
        user, _, domain = address.casefold().rpartition("@")
        person = self._users.setdefault(f"{user}@{domain}", f"user{len(self._users) + 1}")
        place = self._domains.setdefault(domain, f"domain{len(self._domains) + 1}")
        return f"{person}@{place}"

    def _without_logins(self, text: str) -> str:
        for login in sorted(self._logins, key=len, reverse=True):
            person = self._users.setdefault(login.casefold(), f"user{len(self._users) + 1}")
            text = re.sub(rf"(?<!\w){re.escape(login)}(?!\w)", person, text, flags=re.IGNORECASE)
        return text

    def _without_home(self, text: str) -> str:
        for home in (self._home, self._home.replace("\\", "\\\\"), self._home.replace("\\", "/")):
            if len(home) > 1:
                text = text.replace(home, "~")
        return text
