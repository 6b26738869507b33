"""What can go wrong, classified by what the engine does next. The words are in problems.toml."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemId(StrEnum):
    """The stable name of each entry of the catalogue (`resources/problems.toml`)."""

    SIGN_IN_REFUSED = "sign-in-refused"
    APP_PASSWORD_NEEDED = "app-password-needed"
    SIGN_IN_METHOD_UNAVAILABLE = "sign-in-method-unavailable"
    ACCOUNT_LOCKED = "account-locked"
    SERVER_NOT_FOUND = "server-not-found"
    SERVER_SILENT = "server-silent"
    CONNECTION_REFUSED = "connection-refused"
    CONNECTION_LOST = "connection-lost"
    NOT_A_MAIL_SERVER = "not-a-mail-server"
    SETTINGS_FILE_UNUSABLE = "settings-file-unusable"
    REDIRECT_REFUSED = "redirect-refused"
    EXCHANGE_NOT_FOUND = "exchange-not-found"
    EXCHANGE_ELSEWHERE = "exchange-elsewhere"
    CERTIFICATE_UNTRUSTED = "certificate-untrusted"
    CERTIFICATE_OTHER_NAME = "certificate-other-name"
    CERTIFICATE_EXPIRED = "certificate-expired"
    ENCRYPTION_MISSING = "encryption-missing"
    FOLDERS_NOT_LISTED = "folders-not-listed"
    FOLDER_UNREADABLE = "folder-unreadable"
    FOLDER_NOT_CREATED = "folder-not-created"
    FOLDER_RENUMBERED = "folder-renumbered"
    FOLDER_RENAMED = "folder-renamed"
    FOLDER_LEFT_OUT = "folder-left-out"
    FOLDER_CUT_SHORT = "folder-cut-short"
    COPIED_ONCE = "copied-once"
    CHATS_LEFT_OUT = "chats-left-out"
    FILE_UNREADABLE = "file-unreadable"
    FILE_NOT_UNDERSTOOD = "file-not-understood"
    ARCHIVE_NOT_READ = "archive-not-read"
    FILE_READ_IN_PART = "file-read-in-part"
    FILE_DAMAGED = "file-damaged"
    FILE_CHANGED = "file-changed"
    ENTRIES_LEFT_OUT = "entries-left-out"
    ARCHIVE_PART_LEFT_OUT = "archive-part-left-out"
    ITEM_UNREADABLE = "item-unreadable"
    ITEM_PARTLY_READ = "item-partly-read"
    ITEM_KEPT_OTHERWISE = "item-kept-otherwise"
    ITEM_REFUSED = "item-refused"
    ITEM_TOO_BIG = "item-too-big"
    ITEMS_TOO_BIG = "items-too-big"
    ITEM_LOOKS_HARMFUL = "item-looks-harmful"
    ITEM_GONE = "item-gone"
    ITEM_NOT_FOUND_AFTER = "item-not-found-after"
    ITEM_TWICE = "item-twice"
    ITEMS_REMOVED_SINCE = "items-removed-since"
    FOLDER_NOT_CHECKED = "folder-not-checked"
    ITEM_UNSURE = "item-unsure"
    ITEM_ACCEPTED = "item-accepted"
    ITEM_EDITED = "item-edited"
    ITEM_UPDATED = "item-updated"
    ITEM_OTHER_VERSION = "item-other-version"
    ITEM_REPAIRED = "item-repaired"
    ITEM_ATTACHED = "item-attached"
    ITEM_RESCUED = "item-rescued"
    FLAGS_DROPPED = "flags-dropped"
    DATE_DROPPED = "date-dropped"
    DATES_NOT_KEPT = "dates-not-kept"
    FIELD_IN_NOTES = "field-in-notes"
    FIELD_NOT_KEPT = "field-not-kept"
    ITEM_CHANGED_THERE = "item-changed-there"
    KEPT_CHANGED = "kept-changed"
    KEPT_NOT_OURS = "kept-not-ours"
    KEPT_SHARED = "kept-shared"
    KEPT_UNKNOWN = "kept-unknown"
    KEPT_IN_TRASH = "kept-in-trash"
    REMOVING_REFUSED = "removing-refused"
    REMOVING_LEFT_FILE = "removing-left-file"
    REMOVING_NOT_OFFERED = "removing-not-offered"
    FOLDER_STAYS = "folder-stays"
    SETTINGS_STAY = "settings-stay"
    MAILBOX_FULL = "mailbox-full"
    SAVING_DISK_FULL = "saving-disk-full"
    ASKED_TO_SLOW_DOWN = "asked-to-slow-down"
    TOO_MANY_CONNECTIONS = "too-many-connections"
    DAILY_LIMIT = "daily-limit"
    MAILBOX_IN_USE = "mailbox-in-use"
    ACCESS_TURNED_OFF = "access-turned-off"
    SERVICE_RETIRED = "service-retired"
    MAILBOX_NOT_OPENED = "mailbox-not-opened"
    KIND_NOT_ACCEPTED = "kind-not-accepted"
    KIND_NOT_FOUND = "kind-not-found"
    RULE_NOT_SHOWN = "rule-not-shown"
    RULE_IN_ERROR = "rule-in-error"
    RULE_BOUND = "rule-bound"
    RULE_PERSON_UNKNOWN = "rule-person-unknown"
    RULE_FOLDER_MISSING = "rule-folder-missing"
    RULE_SWITCHED_OFF = "rule-switched-off"
    RULES_UNSEEN = "rules-unseen"
    RULES_BLOCKED = "rules-blocked"
    REPLY_LEFT = "reply-left"
    REPLY_SWITCHED_OFF = "reply-switched-off"
    REPLY_ALTERED = "reply-altered"
    SETTINGS_NOT_CARRIED = "settings-not-carried"
    SETTING_UNREADABLE = "setting-unreadable"
    SETTING_REFUSED = "setting-refused"
    SETTING_EDITED = "setting-edited"
    POP_CANNOT_RECEIVE = "pop-cannot-receive"
    SAME_MAILBOX = "same-mailbox"
    SAVED_IN_SOURCE = "saved-in-source"
    NOTICE_NOT_SENT = "notice-not-sent"
    NO_SAFE_PLACE = "no-safe-place"
    NO_NETWORK = "no-network"
    NAME_SERVERS_SILENT = "name-servers-silent"
    NAME_SERVERS_FAILING = "name-servers-failing"
    ALIASES_IN_A_CIRCLE = "aliases-in-a-circle"
    DOMAIN_NOT_FOUND = "domain-not-found"
    DISK_FULL = "disk-full"
    NO_ROOM_TO_UNPACK = "no-room-to-unpack"
    PLACE_MISSING = "place-missing"
    PLACE_REFUSED = "place-refused"
    ALREADY_OPEN = "already-open"
    RECORDS_IN_USE = "records-in-use"
    RECORDS_DAMAGED = "records-damaged"
    RECORDS_NEWER = "records-newer"
    PLAN_UNREADABLE = "plan-unreadable"
    UNEXPECTED = "unexpected"


class Place(StrEnum):
    """Where a problem arose; chooses between the codes 1x-xx and 2x-xx of one cause."""

    SOURCE = "source"
    DESTINATION = "destination"
    COMPUTER = "computer"
    PROGRAM = "program"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that went wrong, without words.

    `detail` is the technical text for an agent, already free of secrets; `subject` names what is
    concerned (host, folder, plan field), for the person.
    """

    id: ProblemId
    place: Place = Place.PROGRAM
    detail: str = ""
    subject: str = ""


class OmmError(Exception):
    """Base of everything an adapter may raise. Never shown as such: `problem` is looked up."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.id} ({problem.place}) {problem.detail}")
        self.problem = problem


class ItemError(OmmError):
    """This item or this folder only: the engine notes it and goes on."""


class TryAgain(OmmError):
    """Passing: the engine closes the connection, waits at least `after` seconds, opens another."""

    def __init__(self, problem: Problem, after: float = 0.0) -> None:
        super().__init__(problem)
        self.after = after


class NotNow(TryAgain):
    """Passing as well, and the server said so before it did anything of what was asked."""


class OwnerNeeded(OmmError):
    """The person has to act: a password, room in the mailbox. The engine pauses and asks."""


class CannotGoOn(OmmError):
    """Nothing more can be done in this run; everything stays resumable."""
