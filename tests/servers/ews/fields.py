"""The elements of each kind of item in the order of the schema, and their field URIs."""

from __future__ import annotations

from .words import words

ITEM = """
    MimeContent ItemId ParentFolderId ItemClass Subject Sensitivity Body Attachments
    DateTimeReceived Size Categories Importance InReplyTo IsSubmitted IsDraft IsFromMe IsResend
    IsUnmodified InternetMessageHeaders DateTimeSent DateTimeCreated ResponseObjects ReminderDueBy
    ReminderIsSet ReminderNextTime ReminderMinutesBeforeStart DisplayCc DisplayTo HasAttachments
    ExtendedProperty Culture EffectiveRights LastModifiedName LastModifiedTime IsAssociated
    WebClientReadFormQueryString WebClientEditFormQueryString ConversationId UniqueBody Flag
    StoreEntryId InstanceKey NormalizedBody PolicyTag ArchiveTag RetentionDate Preview
    RightsManagementLicenseData NextPredictedAction GroupingAction PredictedActionReasons IsClutter
    BlockStatus HasBlockedImages TextBody IconIndex
"""
MESSAGE = """
    Sender ToRecipients CcRecipients BccRecipients IsReadReceiptRequested
    IsDeliveryReceiptRequested ConversationIndex ConversationTopic From InternetMessageId IsRead
    IsResponseRequested References ReplyTo ReceivedBy ReceivedRepresenting ApprovalRequestData
    VotingInformation ReminderMessageData
"""
CALENDAR = """
    UID RecurrenceId DateTimeStamp Start End OriginalStart IsAllDayEvent LegacyFreeBusyStatus
    Location When IsMeeting IsCancelled IsRecurring MeetingRequestWasSent IsResponseRequested
    CalendarItemType MyResponseType Organizer RequiredAttendees OptionalAttendees Resources
    InboxReminders ConflictingMeetingCount AdjacentMeetingCount ConflictingMeetings AdjacentMeetings
    Duration TimeZone AppointmentReplyTime AppointmentSequenceNumber AppointmentState Recurrence
    FirstOccurrence LastOccurrence ModifiedOccurrences DeletedOccurrences MeetingTimeZone
    StartTimeZone EndTimeZone ConferenceType AllowNewTimeProposal IsOnlineMeeting
    MeetingWorkspaceUrl NetShowUrl EnhancedLocation StartWallClock EndWallClock StartTimeZoneId
    EndTimeZoneId IntendedFreeBusyStatus JoinOnlineMeetingUrl OnlineMeetingSettings IsOrganizer
"""
CONTACT = """
    FileAs FileAsMapping DisplayName GivenName Initials MiddleName Nickname CompleteName CompanyName
    EmailAddresses PhysicalAddresses PhoneNumbers AssistantName Birthday BusinessHomePage Children
    Companies ContactSource Department Generation ImAddresses JobTitle Manager Mileage
    OfficeLocation PostalAddressIndex Profession SpouseName Surname WeddingAnniversary HasPicture
    PhoneticFullName PhoneticFirstName PhoneticLastName Alias Notes Photo UserSMIMECertificate
    MSExchangeCertificate DirectoryId ManagerMailbox DirectReports
"""
LIST = "DisplayName FileAs ContactSource Members"
TASK = """
    ActualWork AssignedTime BillingInformation ChangeCount Companies CompleteDate Contacts
    DelegationState Delegator DueDate IsAssignmentEditable IsComplete IsRecurring IsTeamTask Mileage
    Owner PercentComplete Recurrence StartDate Status StatusDescription TotalWork
"""
POST = """
    ConversationIndex ConversationTopic From InternetMessageId IsRead PostedTime References Sender
"""

_OWN = {
    "Message": ("message", MESSAGE),
    "CalendarItem": ("calendar", CALENDAR),
    "Contact": ("contacts", CONTACT),
    "DistributionList": ("contacts", LIST),
    "Task": ("task", TASK),
    "PostItem": ("message", POST),
}
_ELSEWHERE = {
    ("DistributionList", "Members"): "distributionlist:Members",
    ("PostItem", "PostedTime"): "postitem:PostedTime",
}


def _paths(kind: str) -> dict[str, str]:
    prefix, own = _OWN[kind]
    paths = {name: f"item:{name}" for name in ITEM.split()}
    return paths | {name: _ELSEWHERE.get((kind, name), f"{prefix}:{name}") for name in own.split()}


PATHS: dict[str, dict[str, str]] = {kind: _paths(kind) for kind in _OWN}
"""For each kind of item: element name → field URI, in the order of the schema."""

KNOWN: frozenset[str] = frozenset(path for paths in PATHS.values() for path in paths.values())

INDEXED = {
    "contacts:EmailAddress": "EmailAddresses",
    "contacts:PhysicalAddress:Street": "PhysicalAddresses",
    "contacts:PhysicalAddress:City": "PhysicalAddresses",
    "contacts:PhysicalAddress:State": "PhysicalAddresses",
    "contacts:PhysicalAddress:CountryOrRegion": "PhysicalAddresses",
    "contacts:PhysicalAddress:PostalCode": "PhysicalAddresses",
    "contacts:PhoneNumber": "PhoneNumbers",
    "contacts:ImAddress": "ImAddresses",
}
"""Field URIs that need an index → the element that holds the entries."""

ITEM_CLASSES = {
    "Message": "IPM.Note",
    "CalendarItem": "IPM.Appointment",
    "Contact": "IPM.Contact",
    "DistributionList": "IPM.DistList",
    "Task": "IPM.Task",
    "PostItem": "IPM.Post",
}

NOT_IN_FIND = frozenset(
    f"{prefix}:{name}"
    for prefix, names in {
        "item": "MimeContent Body TextBody UniqueBody NormalizedBody Attachments "
        "InternetMessageHeaders ResponseObjects",
        "message": "ToRecipients CcRecipients BccRecipients ReplyTo",
        "calendar": "RequiredAttendees OptionalAttendees Resources Recurrence FirstOccurrence "
        "LastOccurrence ModifiedOccurrences DeletedOccurrences MeetingTimeZone",
        "contacts": "CompleteName",
        "distributionlist": "Members",
        "task": "Recurrence",
    }.items()
    for name in names.split()
)
"""What FindItem never returns: asking for it by name is an error."""

NOT_SEARCHABLE = (NOT_IN_FIND - {"item:Body", "item:TextBody"}) | frozenset(
    words(
        "item:ReminderDueBy item:Culture calendar:UID calendar:IsResponseRequested "
        "calendar:AllowNewTimeProposal calendar:StartTimeZone calendar:EndTimeZone"
    )
)
"""What no restriction and no order can be about."""

READ_ONLY = frozenset(
    f"{prefix}:{name}"
    for prefix, names in {
        "item": "ItemId ParentFolderId DateTimeReceived Size IsSubmitted IsDraft IsFromMe IsResend "
        "IsUnmodified InternetMessageHeaders DateTimeSent DateTimeCreated DisplayCc DisplayTo "
        "HasAttachments EffectiveRights LastModifiedName LastModifiedTime IsAssociated "
        "ConversationId UniqueBody TextBody InstanceKey Preview StoreEntryId",
        "message": "ConversationIndex ConversationTopic ReceivedBy ReceivedRepresenting",
        "calendar": "RecurrenceId OriginalStart IsMeeting IsCancelled IsRecurring "
        "MeetingRequestWasSent CalendarItemType MyResponseType Organizer ConflictingMeetingCount "
        "AdjacentMeetingCount Duration AppointmentSequenceNumber AppointmentState FirstOccurrence "
        "LastOccurrence ModifiedOccurrences DeletedOccurrences IsOrganizer",
        "contacts": "CompleteName ContactSource HasPicture Alias Notes Photo DirectoryId",
        "task": "AssignedTime ChangeCount DelegationState Delegator IsAssignmentEditable "
        "IsComplete IsRecurring IsTeamTask Owner StatusDescription",
    }.items()
    for name in names.split()
)
"""What no client can set."""

INSTANTS = frozenset(
    words(
        "item:DateTimeReceived item:DateTimeSent item:DateTimeCreated item:LastModifiedTime "
        "item:ReminderDueBy item:ReminderNextTime calendar:Start calendar:End "
        "calendar:OriginalStart calendar:RecurrenceId calendar:DateTimeStamp "
        "calendar:AppointmentReplyTime contacts:Birthday contacts:WeddingAnniversary "
        "task:StartDate task:DueDate task:CompleteDate task:AssignedTime postitem:PostedTime"
    )
)
NUMBERS = frozenset(
    words(
        "item:Size item:ReminderMinutesBeforeStart calendar:AppointmentSequenceNumber "
        "calendar:AppointmentState calendar:ConferenceType task:ActualWork task:TotalWork "
        "task:PercentComplete task:ChangeCount"
    )
)

_OTHER_BOOLEANS = words(
    "HasAttachments ReminderIsSet MeetingRequestWasSent AllowNewTimeProposal HasPicture "
    "HasBeenProcessed MarkAsRead Delete PermanentDelete StopProcessingRules SentToMe NotSentToMe "
    "SentCcMe SentOnlyToMe SentToOrCcMe"
)


def is_boolean(name: str) -> bool:
    """Whether the element of that name is true or false."""
    return name.startswith("Is") or name in _OTHER_BOOLEANS


def boolean(text: str) -> str:
    """`true` or `false`, as Exchange writes them whatever it was given."""
    return {"1": "true", "0": "false"}.get(text, text).lower()
