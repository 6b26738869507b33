"""Which found settings are tried, and in which order."""

from __future__ import annotations

from omm_desktop.guide.discovery.candidate import Candidate, Findings, Origin
from omm_desktop.guide.providers import providers
from omm_desktop.model.account import Security, Server
from omm_desktop.wizard.finding import Scope, alternatives, usable

IMAP = Server("imap.exemple.fr", 993, Security.TLS)
POP = Server("pop.exemple.fr", 995, Security.TLS)
BY_IMAP = Candidate(Origin.GUESS, imap=(IMAP,))
BY_POP = Candidate(Origin.SRV, pop=(POP,))


def offer(id: str, answer: str = "") -> Candidate:
    return Candidate.of_service(Origin.KNOWN_MX, providers().by_id(id), answer)


def test_pop_comes_after_every_imap_and_only_where_it_will_do() -> None:
    found = Findings((BY_POP, BY_IMAP))
    assert usable(found, Scope.ANYBODY, by_pop=True) == [BY_IMAP, BY_POP]
    assert usable(found, Scope.ANYBODY) == [BY_IMAP]


def test_the_server_of_the_other_mailbox_is_not_offered() -> None:
    found = Findings((BY_POP, BY_IMAP))
    assert usable(found, Scope.ANYBODY, taken=IMAP.host, by_pop=True) == [BY_POP]


def test_each_ovhcloud_server_is_tried_once_and_no_other_company() -> None:
    pro, plan, zimbra = (
        offer("ovh-emailpro", "3"),
        offer("ovh-mxplan-eu"),
        offer("ovh-zimbra-pro-eu"),
    )
    assert alternatives([pro, plan, zimbra, BY_IMAP, BY_POP]) == (pro, plan)
    assert alternatives([BY_IMAP, plan]) == (BY_IMAP,)


def test_an_offer_without_its_number_cannot_be_tried() -> None:
    found = Findings((offer("ovh-emailpro"), offer("ovh-mxplan-ca")))
    assert usable(found, Scope.OVHCLOUD) == [offer("ovh-mxplan-ca")]
