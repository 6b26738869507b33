"""Which service a mailbox belongs to, and whose its domain is."""

from __future__ import annotations

import pytest

from omm_desktop.guide.providers import providers
from omm_desktop.wizard.belonging import own_domain, service_of
from omm_desktop.wizard.draft import AccountDraft


@pytest.mark.parametrize(
    ("account", "service"),
    [
        (AccountDraft(address="a@gmail.com", service="ovh-mxplan-ca"), "ovh-mxplan-ca"),
        (AccountDraft(address="a@gmail.com", host="imap.exemple.fr"), "gmail"),
        (AccountDraft(address="a@chez-moi.fr", host="IMAP.mail.ovh.net "), "ovh-mxplan-eu"),
        (AccountDraft(address="a@chez-moi.fr", host="pro2.mail.ovh.net"), "ovh-emailpro"),
        (
            AccountDraft(
                address="a@chez-moi.fr", host="imap.mail.ovh.ca", service="ovh-autodetect"
            ),
            "ovh-mxplan-ca",
        ),
        (AccountDraft(address="a@chez-moi.fr", host="imap.chez-moi.fr"), None),
    ],
)
def test_the_service_of_a_mailbox(account: AccountDraft, service: str | None) -> None:
    found = service_of(account, providers())
    assert (found.id if found else None) == service


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("Claire@Chez-Claire.fr", "chez-claire.fr"),
        ("claire@gmail.com", None),
        ("claire", None),
        ("claire@localhost", None),
    ],
)
def test_a_domain_of_ones_own(address: str, domain: str | None) -> None:
    assert own_domain(AccountDraft(address=address), providers()) == domain
