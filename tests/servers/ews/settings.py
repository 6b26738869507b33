"""Two mailboxes of the EWS server whose settings are to be the same in the end."""

from __future__ import annotations

from .rules import add_rule, filing, is_on, names_of, people, reply_of, rule_text, set_reply
from .store import Folder, Mailbox

NAMES = ["clients", "deep", "trash", "away"]


def furnish(mailbox: Mailbox) -> list[Folder]:
    """Four rules of which one is off and one forwards, a reply that is on; the folders of mail."""
    clients = mailbox.add_folder(mailbox.distinguished("msgfolderroot"), "Clients", "IPF.Note")
    deep = mailbox.add_folder(clients, "Été/2019", "IPF.Note")
    sender = people("FromAddresses", "claire@far.test")
    add_rule(mailbox, "clients", filing("MoveToFolder", clients), conditions=(sender,))
    add_rule(mailbox, "deep", filing("CopyToFolder", deep), enabled=False)
    add_rule(mailbox, "trash", filing("MoveToFolder", mailbox.distinguished("deleteditems")))
    add_rule(mailbox, "away", people("RedirectToRecipients", "claire@far.test"))
    set_reply(mailbox, "Enabled", "<p>Absente</p>", "<p>Away</p>")
    return [mailbox.distinguished("inbox"), clients, deep]


def assert_arrived(mailbox: Mailbox) -> None:
    """All of it, once, in order; what sends or answers is off."""
    assert names_of(mailbox) == NAMES
    assert rule_text(mailbox, "clients") == [
        "c FromAddresses=claire@far.test",
        "a MoveToFolder=Clients",
    ]
    assert rule_text(mailbox, "deep") == ["a CopyToFolder=Été/2019"]
    assert rule_text(mailbox, "trash") == ["a MoveToFolder=Deleted Items"]
    assert [is_on(mailbox, name) for name in NAMES] == [True, False, True, False]
    assert reply_of(mailbox) == ("Disabled", "Known", "<p>Absente</p>", "<p>Away</p>")
