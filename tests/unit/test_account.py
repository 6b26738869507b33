"""When two accounts are one mailbox."""

from __future__ import annotations

from omm_desktop.model.account import Account, EndpointKind, Security, Server, same_login


def account(login: str, host: str, port: int, security: Security = Security.TLS) -> Account:
    return Account(EndpointKind.IMAP, login, Server(host, port, security))


def test_the_way_it_was_typed_makes_no_other_mailbox() -> None:
    first = account("Moi@exemple.fr", "imap.exemple.fr", 993)
    second = account("moi@exemple.fr", "IMAP.exemple.fr", 143, Security.STARTTLS)
    assert first.identity == second.identity


def test_another_login_host_or_unusual_port_does() -> None:
    one = account("moi@exemple.fr", "127.0.0.1", 993)
    others = [
        account("toi@exemple.fr", "127.0.0.1", 993),
        account("moi@exemple.fr", "127.0.0.2", 993),
        account("moi@exemple.fr", "127.0.0.1", 1993),
    ]
    assert len({other.identity for other in [one, *others]}) == 4


def test_loopback_is_this_computer_by_any_of_its_names() -> None:
    near = ["localhost", "127.0.0.1", "127.3.2.1", "::1"]
    far = ["localhost.exemple.fr", "10.0.0.1", "0.0.0.0", "exemple.fr"]
    assert all(Server(host, 143, Security.NONE).is_loopback for host in near)
    assert not any(Server(host, 143, Security.NONE).is_loopback for host in far)


def test_pop_and_imap_are_two_accounts_each_with_its_usual_ports() -> None:
    def identity(kind: EndpointKind, port: int) -> str:
        return Account(kind, "moi", Server("mail.exemple.fr", port, Security.TLS)).identity

    pop = EndpointKind.POP3
    assert identity(pop, 995) == identity(pop, 110) != identity(pop, 993)
    assert identity(pop, 995) != identity(EndpointKind.IMAP, 993)


def test_an_address_is_one_login_at_any_server_and_another_name_at_its_own() -> None:
    def identity(kind: EndpointKind, login: str, host: str) -> str:
        port = {EndpointKind.IMAP: 993, EndpointKind.POP3: 995}[kind]
        return Account(kind, login, Server(host, port, Security.TLS)).identity

    pop, imap = EndpointKind.POP3, EndpointKind.IMAP
    address = identity(pop, "moi@exemple.fr", "pop.exemple.fr")
    assert same_login(address, identity(imap, "Moi@exemple.fr", "imap.exemple.fr"))
    assert not same_login(address, identity(imap, "toi@exemple.fr", "pop.exemple.fr"))
    name = identity(pop, "info", "exemple.fr")
    assert same_login(name, identity(imap, "info", "exemple.fr"))
    assert not same_login(name, identity(imap, "info", "exemple.com"))
