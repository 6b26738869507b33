"""What the properties of vCard and the extensions of well-known programs stand for."""

from __future__ import annotations

BOOKKEEPING = frozenset(
    {
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "REV",
        "PROFILE",
        "NAME",
        "SOURCE",
        "MAILER",
        "CLIENTPIDMAP",
        "X-GENERATOR",
        "X-ABUID",
        "X-ABADR",
        "X-ABLABEL",
        "X-APPLE-OMIT-YEAR",
        "X-COUCHDB-APPLICATION-ANNOTATIONS",
        "X-MS-OL-DESIGN",
        "X-MS-OL-DEFAULT-POSTAL-ADDRESS",
        "X-MOZILLA-HTML",
        "X-KADDRESSBOOK-CRYPTOSIGNPREF",
        "X-KADDRESSBOOK-CRYPTOPROTOPREF",
        "X-KADDRESSBOOK-CRYPTOENCRYPTPREF",
    }
)
"""Written by programs for themselves: about the file, not about the person."""

ANNIVERSARIES = frozenset(
    {
        "ANNIVERSARY",
        "X-ANNIVERSARY",
        "X-EVOLUTION-ANNIVERSARY",
        "X-MS-ANNIVERSARY",
        "X-KADDRESSBOOK-X-ANNIVERSARY",
    }
)
RELATED = {
    "X-SPOUSE": "spouse",
    "X-EVOLUTION-SPOUSE": "spouse",
    "X-MS-SPOUSE": "spouse",
    "X-KADDRESSBOOK-X-SPOUSESNAME": "spouse",
    "X-MANAGER": "manager",
    "X-EVOLUTION-MANAGER": "manager",
    "X-MS-MANAGER": "manager",
    "X-KADDRESSBOOK-X-MANAGERSNAME": "manager",
    "X-ASSISTANT": "assistant",
    "X-EVOLUTION-ASSISTANT": "assistant",
    "X-MS-ASSISTANT": "assistant",
    "X-KADDRESSBOOK-X-ASSISTANTSNAME": "assistant",
    "X-CHILD": "child",
    "X-MS-CHILD": "child",
}
MESSAGING = {
    "X-AIM": "aim",
    "X-ICQ": "icq",
    "X-JABBER": "xmpp",
    "X-GTALK": "gtalk",
    "X-MSN": "msnim",
    "X-YAHOO": "ymsgr",
    "X-SKYPE": "skype",
    "X-SKYPE-USERNAME": "skype",
    "X-QQ": "qq",
    "X-GADUGADU": "gg",
    "X-GROUPWISE": "groupwise",
    "X-MS-IMADDRESS": "",
    "X-KADDRESSBOOK-X-IMADDRESS": "",
}
"""Property → scheme of the address; none where the property does not tell."""

FILE_AS = frozenset({"X-EVOLUTION-FILE-AS", "X-FILE-AS", "X-MS-FILE-AS"})
UNITS = frozenset({"X-DEPARTMENT", "X-KADDRESSBOOK-X-DEPARTMENT"})
ROLES = frozenset({"ROLE", "X-KADDRESSBOOK-X-PROFESSION"})
OFFICES = frozenset({"X-OFFICE", "X-KADDRESSBOOK-X-OFFICE", "X-EVOLUTION-OFFICE"})
PHONETIC = {"X-PHONETIC-FIRST-NAME": "given", "X-PHONETIC-LAST-NAME": "family"}
FILES = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE"})
MEMBERS = frozenset({"MEMBER", "X-ADDRESSBOOKSERVER-MEMBER"})
NAME_OF_MEMBER = "X-CN"
"""The parameter with what a member is called: MEMBER has a place for the address alone."""

GROUP_KINDS = frozenset({"KIND", "X-ADDRESSBOOKSERVER-KIND"})
