"""One folder for mail, contacts, events and tasks."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from omm_desktop.endpoints.files.saved_mailbox import open_saved_mailbox
from omm_desktop.model.account import MailFormat
from omm_desktop.model.items import Folder, ItemKind
from omm_desktop.model.ports import Fidelity, FolderWish, UpdatingDestination
from omm_desktop.model.problem import Problem, ProblemId
from tests.contract.letters import letters
from tests.unprivileged import permissions_hold

from .reading import calendar, card, event, item, stored


def test_each_kind_goes_where_its_files_are(tmp_path: Path) -> None:
    given = {
        ItemKind.MAIL: letters(2),
        ItemKind.CONTACTS: [item(ItemKind.CONTACTS, card("FN:A"))],
        ItemKind.EVENTS: [item(ItemKind.EVENTS, calendar(event("e", "SUMMARY:x")))],
        ItemKind.TASKS: [item(ItemKind.TASKS, calendar(event("t", kind="VTODO")))],
    }
    with closing(open_saved_mailbox(tmp_path)) as opened:
        destination: UpdatingDestination = opened
        assert destination.limits.kinds == frozenset(ItemKind)
        wishes = [FolderWish(("x",), kind=kind) for kind in given]
        folders = destination.ensure_folders(wishes)
        for folder, (kind, items) in zip(folders, given.items(), strict=True):
            assert isinstance(folder, Folder)
            assert folder.kind is kind
            keys = stored(destination, folder, items)
            assert destination.position(folder.key).count == len(items)
            assert destination.fidelity(folder.key, keys[0], items[0]) is Fidelity.EXACT
            seen = [one for window in destination.existing(folder.key, None) for one in window]
            assert [one.key for one in seen] == keys
            assert [key for window in destination.keys(folder.key) for key in window] == keys
            found = dict(destination.contents(folder.key, keys))
            assert found == dict(zip(keys, (one.content for one in items), strict=True))
        listed = {(folder.kind, folder.key, folder.count) for folder in destination.folders()}
    assert listed == {
        (ItemKind.MAIL, "mail/x.mbox", 2),
        (ItemKind.CONTACTS, "contacts/x.vcf", 1),
        (ItemKind.EVENTS, "calendars/x.ics", 1),
        (ItemKind.TASKS, "tasks/x.ics", 1),
    }
    assert all((tmp_path / key).is_file() for _, key, _ in listed)


def test_mail_may_be_saved_one_by_one(tmp_path: Path) -> None:
    with closing(open_saved_mailbox(tmp_path, MailFormat.EML)) as destination:
        (folder,) = destination.ensure_folders([FolderWish(("x",))])
        assert isinstance(folder, Folder)
        stored(destination, folder, letters(3))
    assert len(list((tmp_path / "mail/x").glob("*.eml"))) == 3


def test_a_folder_in_which_nobody_may_write_is_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "mail").mkdir(0o500)
    wishes = [FolderWish(("x",)), FolderWish(("Contacts",), kind=ItemKind.CONTACTS)]
    with permissions_hold(), closing(open_saved_mailbox(tmp_path)) as destination:
        mail, contacts = destination.ensure_folders(wishes)
    (tmp_path / "mail").chmod(0o700)
    assert isinstance(contacts, Folder)
    assert isinstance(mail, Problem)
    assert mail.id is ProblemId.PLACE_REFUSED
    assert mail.subject == str(tmp_path / "mail" / "x.mbox")
