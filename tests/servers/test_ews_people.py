"""Contacts, lists, tasks, rules and automatic replies on the EWS server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest
from exchangelib import (
    Account,
    Contact,
    DistributionList,
    EWSDate,
    EWSDateTime,
    ExtendedProperty,
    FileAttachment,
    Mailbox,
    OofSettings,
    Task,
)
from exchangelib.errors import (
    ErrorInboxRulesValidationError,
    ErrorInvalidPropertySet,
    ErrorInvalidScheduledOofDuration,
    ErrorOutlookRuleBlobExists,
)
from exchangelib.ewsdatetime import UTC
from exchangelib.indexed_properties import EmailAddress, PhoneNumber, PhysicalAddress
from exchangelib.properties import (
    Actions,
    Address,
    Conditions,
    FolderId,
    Member,
    MoveToFolder,
    Rule,
)
from exchangelib.recurrence import DailyRegeneration, TaskRecurrence, WeeklyPattern
from exchangelib.services import CreateInboxRule

from .ews import EwsServer


class Title(ExtendedProperty):
    property_tag = 0x3A45
    property_type = "String"


class CompletedOn(ExtendedProperty):
    distinguished_property_set_id = "Task"
    property_id = 0x810F
    property_type = "SystemTime"


@pytest.fixture(autouse=True)
def title() -> Iterator[None]:
    Contact.register("title", Title)
    yield
    Contact.deregister("title")


def one_contact(anna: Account) -> Contact:
    (contact,) = anna.contacts.all()
    return contact


def test_a_contact_with_everything(anna: Account) -> None:
    Contact(
        account=anna,
        folder=anna.contacts,
        display_name="Zoé Martin",
        given_name="Zoé",
        middle_name="A",
        surname="Martin",
        generation="III",
        title="Dr",
        file_as_mapping="LastCommaFirst",
        company_name="Firm",
        email_addresses=[
            EmailAddress(label="EmailAddress1", email="zoe@far.test"),
            EmailAddress(label="EmailAddress3", email="z@far.test"),
        ],
        phone_numbers=[PhoneNumber(label="MobilePhone", phone_number="+33 1")],
        physical_addresses=[PhysicalAddress(label="Home", street="1 rue", city="Paris")],
        birthday=EWSDate(1980, 2, 29),
        im_addresses=None,
        children=["Ada", "Bo"],
        body="notes",
        categories=["Friends"],
    ).save()
    contact = one_contact(anna)
    assert contact.file_as == "Martin, Zoé"
    assert contact.subject == "Zoé Martin"
    name = contact.complete_name
    assert (name.title, name.first_name, name.suffix) == ("Dr", "Zoé", "III")
    assert [(one.label, one.email) for one in contact.email_addresses] == [
        ("EmailAddress1", "zoe@far.test"),
        ("EmailAddress3", "z@far.test"),
    ]
    assert contact.phone_numbers[0].phone_number == "+33 1"
    assert (contact.physical_addresses[0].street, contact.physical_addresses[0].city) == (
        "1 rue",
        "Paris",
    )
    assert contact.birthday == EWSDate(1980, 2, 29)
    assert contact.children == ["Ada", "Bo"]
    assert (contact.body, contact.categories) == ("notes", ["Friends"])


def test_entries_of_a_contact_are_changed_one_by_one(anna: Account) -> None:
    contact = Contact(
        account=anna,
        folder=anna.contacts,
        display_name="Z",
        phone_numbers=[
            PhoneNumber(label="MobilePhone", phone_number="1"),
            PhoneNumber(label="HomePhone", phone_number="2"),
        ],
        physical_addresses=[PhysicalAddress(label="Home", street="1 rue", city="Paris")],
    ).save()
    contact.phone_numbers = [PhoneNumber(label="HomePhone", phone_number="3")]
    contact.physical_addresses = [PhysicalAddress(label="Home", street="1 rue", city="Lyon")]
    contact.save(update_fields=["phone_numbers", "physical_addresses"])
    changed = one_contact(anna)
    assert [(one.label, one.phone_number) for one in changed.phone_numbers] == [("HomePhone", "3")]
    (address,) = changed.physical_addresses
    assert (address.street, address.city) == ("1 rue", "Lyon")


def test_a_photo(anna: Account) -> None:
    contact = Contact(account=anna, folder=anna.contacts, display_name="Z").save()
    assert not one_contact(anna).has_picture
    contact.attach(
        FileAttachment(name="ContactPicture.jpg", content=b"\xff\xd8", is_contact_photo=True)
    )
    assert one_contact(anna).has_picture
    assert one_contact(anna).attachments[0].is_contact_photo


def test_contacts_are_found_by_address(anna: Account) -> None:
    for name in ("a", "b"):
        Contact(
            account=anna,
            folder=anna.contacts,
            display_name=name,
            email_addresses=[EmailAddress(label="EmailAddress1", email=f"{name}@far.test")],
        ).save()
    found = anna.contacts.filter(email_addresses__EmailAddress1="b@far.test").only("display_name")
    assert [contact.display_name for contact in found] == ["b"]


def test_a_distribution_list(anna: Account) -> None:
    DistributionList(
        account=anna,
        folder=anna.contacts,
        display_name="Team",
        members=[
            Member(mailbox=Mailbox(name="Bob", email_address="bob@far.test", mailbox_type="OneOff"))
        ],
    ).save()
    (team,) = anna.contacts.all()
    assert isinstance(team, DistributionList)
    assert team.display_name == "Team"
    (member,) = team.members
    assert (member.mailbox.name, member.mailbox.email_address) == ("Bob", "bob@far.test")


def test_a_task_is_completed(anna: Account) -> None:
    task = Task(
        account=anna,
        folder=anna.tasks,
        subject="do",
        start_date=EWSDate(2024, 3, 1),
        due_date=EWSDate(2024, 3, 5),
        status="InProgress",
        percent_complete=Decimal(50),
    ).save()
    (found,) = anna.tasks.all()
    assert (found.start_date, found.due_date) == (EWSDate(2024, 3, 1), EWSDate(2024, 3, 5))
    assert (found.status, found.is_complete) == ("InProgress", False)
    task.complete()
    (found,) = anna.tasks.all()
    assert (found.status, found.percent_complete, found.is_complete) == ("Completed", 100, True)
    assert found.complete_date is not None


def test_a_date_of_completion_of_ones_own(anna: Account) -> None:
    """exchangelib does not send CompleteDate; the property behind it does the same."""
    done = EWSDateTime(2024, 3, 4, tzinfo=UTC)
    Task.register("done_on", CompletedOn)
    try:
        Task(account=anna, folder=anna.tasks, subject="s", done_on=done).save()
        (found,) = anna.tasks.all()
    finally:
        Task.deregister("done_on")
    assert found.complete_date == found.done_on == done
    assert found.status == "Completed"


@pytest.mark.parametrize(
    "pattern", [WeeklyPattern(interval=1, weekdays=["Monday"]), DailyRegeneration(interval=3)]
)
def test_a_task_recurs(anna: Account, pattern: object) -> None:
    recurrence = TaskRecurrence(pattern=pattern, start=EWSDate(2024, 3, 4), number=5)
    Task(account=anna, folder=anna.tasks, subject="again", recurrence=recurrence).save()
    (found,) = anna.tasks.all()
    assert found.is_recurring
    assert found.recurrence.pattern == pattern
    assert found.recurrence.boundary == recurrence.boundary


def test_fields_nobody_can_set_are_refused(anna: Account) -> None:
    contact = Contact(account=anna, folder=anna.contacts, display_name="Z")
    with pytest.raises(ErrorInvalidPropertySet):
        _create_with(anna, contact, "HasPicture", "true")


def _create_with(anna: Account, contact: Contact, name: str, text: str) -> None:
    from exchangelib.services import CreateItem

    service = CreateItem(account=anna)
    payload = service.get_payload([contact], anna.contacts, "SaveOnly", "SendToNone")
    element = next(payload.iter("{*}Contact"))
    added = element.makeelement(element.tag.replace("Contact", name), {}, None)
    added.text = text
    element.append(added)
    list(service._get_elements(payload))


def rule(anna: Account, folder: str, priority: int = 1) -> Rule:
    return Rule(
        account=anna,
        display_name="from Bob",
        priority=priority,
        is_enabled=True,
        conditions=Conditions(contains_sender_strings=["bob"]),
        exceptions=None,
        actions=Actions(
            move_to_folder=MoveToFolder(folder_id=FolderId(id=folder)), stop_processing_rules=True
        ),
    )


def test_rules_are_kept_changed_and_deleted(anna: Account) -> None:
    assert list(anna.rules) == []
    anna.create_rule(rule(anna, anna.drafts.id))
    (kept,) = anna.rules
    assert kept.display_name == "from Bob"
    assert kept.conditions.contains_sender_strings == ["bob"]
    assert kept.actions.stop_processing_rules is True
    kept.is_enabled = False
    anna.set_rule(kept)
    (changed,) = anna.rules
    assert (changed.id, changed.is_enabled) == (kept.id, False)
    anna.delete_rule(changed)
    assert list(anna.rules) == []
    with pytest.raises(ErrorInboxRulesValidationError, match="RuleNotFound"):
        anna.set_rule(kept)


def test_a_rule_for_a_folder_that_is_not_there(anna: Account) -> None:
    with pytest.raises(ErrorInboxRulesValidationError, match="FolderDoesNotExist"):
        anna.create_rule(rule(anna, "nowhere"))


def test_rules_stand_where_their_priority_says(anna: Account) -> None:
    for name, priority in (("a", 1), ("b", 99), ("c", 1)):
        made = rule(anna, anna.drafts.id, priority)
        made.display_name = name
        anna.create_rule(made)
    assert [(one.display_name, one.priority) for one in anna.rules] == [
        ("c", 1),
        ("a", 2),
        ("b", 3),
    ]


def test_outlooks_own_rules_are_lost_unless_they_are_spared(
    anna: Account, exchange: EwsServer
) -> None:
    mailbox = exchange.store.mailboxes["anna@exchange.test"]
    mailbox.outlook_rules = ["print"]
    payload = CreateInboxRule(account=anna)
    with pytest.raises(ErrorOutlookRuleBlobExists):
        list(payload.call(rule(anna, anna.drafts.id), remove_outlook_rule_blob=False))
    assert (mailbox.outlook_rules, mailbox.rules) == (["print"], [])
    anna.create_rule(rule(anna, anna.drafts.id))
    assert (mailbox.outlook_rules, len(mailbox.rules)) == ([], 1)


def test_a_rule_that_forwards_must_not_be_on(anna: Account, exchange: EwsServer) -> None:
    for enabled in (False, True):
        forwards = rule(anna, anna.drafts.id)
        forwards.actions = Actions(forward_to_recipients=[Address(email_address="c@far.test")])
        forwards.is_enabled = enabled
        anna.create_rule(forwards)
    sent = [violation.partition(" ")[2] for violation in exchange.journal.violations]
    assert sent == ["a rule with ForwardToRecipients that is on"]
    exchange.journal.violations.clear()


def test_automatic_replies(anna: Account, exchange: EwsServer) -> None:
    assert anna.oof_settings.state == "Disabled"
    settings = OofSettings(
        state="Scheduled",
        external_audience="Known",
        start=EWSDateTime(2090, 1, 1, tzinfo=UTC),
        end=EWSDateTime(2090, 2, 1, tzinfo=UTC),
        internal_reply="<p>Away</p>",
        external_reply="<p>Gone</p>",
    )
    anna.oof_settings = settings
    kept = anna.oof_settings
    assert kept == settings
    assert kept.internal_reply == "<p>Away</p>"
    sent = [violation.partition(" ")[2] for violation in exchange.journal.violations]
    assert sent == ["OofState Scheduled"]
    exchange.journal.violations.clear()


def test_the_texts_of_a_reply_that_is_off_are_kept_as_html(anna: Account) -> None:
    anna.oof_settings = OofSettings(state="Disabled", internal_reply="Away", external_reply="")
    kept = anna.oof_settings
    assert (kept.state, kept.external_audience, kept.external_reply) == ("Disabled", "All", None)
    assert "<div>Away</div>" in kept.internal_reply


def test_a_reply_is_planned_for_days_to_come(anna: Account, exchange: EwsServer) -> None:
    past = OofSettings(
        state="Scheduled",
        start=EWSDateTime(2020, 1, 1, tzinfo=UTC),
        end=EWSDateTime(2090, 2, 1, tzinfo=UTC),
        internal_reply="a",
        external_reply="b",
    )
    exchange.store.now = lambda: datetime(2091, 1, 1, tzinfo=UTC)
    with pytest.raises(ErrorInvalidScheduledOofDuration):
        anna.oof_settings = past
    exchange.journal.violations.clear()
