"""Nothing private passes the redactor, and people stay distinguishable."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from omm_desktop.model.secret import Secret
from omm_desktop.support.redact import Redactor

HOMES = "/" + "home"


@pytest.fixture
def redactor() -> Redactor:
    return Redactor(home=Path("/srv/people/zoe"))


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: text,
        lambda text: json.dumps(text),
        lambda text: repr(text),
        lambda text: quote(text, safe=""),
        lambda text: base64.b64encode(text.encode()).decode(),
        lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"',
    ],
    ids=["plain", "json", "repr", "url", "base64", "imap-quoted"],
)
def test_a_secret_never_passes(redactor: Redactor, encoded) -> None:
    secret = "Été \"à\\ la' mer/2026"
    redactor.register_secret(Secret(secret))
    cleaned = redactor.clean(f"LOGIN x {encoded(secret)} end")
    assert encoded(secret).strip("\"'") not in cleaned
    assert "mer" not in cleaned
    assert cleaned.endswith("end")


@given(st.text(min_size=1), st.text(), st.text())
def test_whatever_the_secret(secret: str, before: str, after: str) -> None:
    redactor = Redactor()
    redactor.register_secret(Secret(secret))
    assert secret not in redactor.clean(before + secret + after) or secret in "•~user0123456789@"


def test_the_longer_of_two_secrets_goes_first(redactor: Redactor) -> None:
    redactor.register_secret(Secret("abc"))
    redactor.register_secret(Secret("abcdef"))
    assert redactor.clean("abcdef abc") == "••• •••"


def test_an_empty_secret_changes_nothing(redactor: Redactor) -> None:
    redactor.register_secret(Secret(""))
    assert redactor.clean("hello") == "hello"


def test_one_person_has_one_pseudonym(redactor: Redactor) -> None:
    cleaned = redactor.clean("from Zoe@Exemple.fr to bob@exemple.fr, then zoe@exemple.fr")
    assert cleaned == "from user1@domain1 to user2@domain1, then user1@domain1"
    assert redactor.clean("<bob@exemple.fr> bob@exemple.com") == "<user2@domain1> user3@domain2"


def test_cleaning_twice_changes_nothing_more(redactor: Redactor) -> None:
    once = redactor.clean(f"zoe@exemple.fr in {HOMES}/zoe/Documents")
    assert redactor.clean(once) == once


def test_a_login_that_is_no_address_is_hidden_once_known(redactor: Redactor) -> None:
    assert redactor.clean("marie") == "marie"
    redactor.register_login("marie")
    assert redactor.clean("Marie, marieclaire") == "user1, marieclaire"


@pytest.mark.parametrize(
    ("path", "cleaned"),
    [
        ("/srv/people/zoe/mail.log", "~/mail.log"),
        (f"{HOMES}/zoe/mail.log", "~/mail.log"),
        ("/Users/zoe/Library", "~/Library"),
        (r"C:\Users\Zoe\AppData", r"~\AppData"),
        (r"C:\\Users\\Zoe\\AppData", r"~\\AppData"),
    ],
)
def test_home_folders_lose_their_name(redactor: Redactor, path: str, cleaned: str) -> None:
    assert redactor.clean(f"in {path}") == f"in {cleaned}"


def test_hosts_stay(redactor: Redactor) -> None:
    text = "imap.exemple.fr:993 answered in 0.2 s"
    assert redactor.clean(text) == text


@pytest.mark.parametrize("sign", ["x", "x@", "x.", "'", f"{HOMES}/"])
def test_a_very_long_text_takes_no_time(redactor: Redactor, sign: str) -> None:
    text = sign * 200_000
    began = time.process_time()
    redactor.clean(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("address", ["o'brien@x.fr", "+zoe@x.fr", "zoé.élan+tag@x.fr", "z@x"])
@pytest.mark.parametrize("around", ["<{}>", "'{}'", '"{}"', "={},", "({})", "{}:"])
def test_addresses_of_all_forms(redactor: Redactor, address: str, around: str) -> None:
    assert redactor.clean(around.format(address)) == around.format("user1@domain1")
