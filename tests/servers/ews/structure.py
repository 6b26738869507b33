"""What the EWS schema says about requests: order of elements, choices and values.

Written down by hand from the published documentation, for the operations this server knows. `!`
means required, `*` any number. A line for `Parent/Child` is for that place only.
"""

from __future__ import annotations

from .fields import CALENDAR, CONTACT, ITEM, LIST, MESSAGE, POST, TASK
from .words import words

FIELD = "FieldURI IndexedFieldURI ExtendedFieldURI"
MEETINGS = "MeetingMessage MeetingRequest MeetingResponse MeetingCancellation"
KINDS_OF_ITEM = f"Item Message CalendarItem Contact DistributionList {MEETINGS} Task PostItem"
KINDS_OF_FOLDER = "Folder CalendarFolder ContactsFolder SearchFolder TasksFolder"
ANY_ITEM = " ".join(f"{kind}*" for kind in KINDS_OF_ITEM.split())
ANY_FOLDER = " ".join(f"{kind}*" for kind in KINDS_OF_FOLDER.split())
CONDITIONS = (
    "Contains* Excludes* Exists* IsEqualTo* IsNotEqualTo* IsGreaterThan* "
    "IsGreaterThanOrEqualTo* IsLessThan* IsLessThanOrEqualTo* And* Not* Or*"
)
PATTERNS = (
    "RelativeYearlyRecurrence AbsoluteYearlyRecurrence RelativeMonthlyRecurrence "
    "AbsoluteMonthlyRecurrence WeeklyRecurrence DailyRecurrence"
)
REGENERATIONS = "DailyRegeneration WeeklyRegeneration MonthlyRegeneration YearlyRegeneration"
RANGES = "NoEndRecurrence EndDateRecurrence NumberedRecurrence"
ATTACHMENT = (
    "AttachmentId Name ContentType ContentId ContentLocation AttachmentOriginalUrl Size "
    "LastModifiedTime IsInline"
)
ITEM_IDS = "ItemId* OccurrenceItemId* RecurringMasterItemId*"
FOLDER_IDS = "FolderId* DistinguishedFolderId*"
ONE_FOLDER = "FolderId DistinguishedFolderId"
PREDICATES = (
    "Categories ContainsBodyStrings ContainsHeaderStrings ContainsRecipientStrings "
    "ContainsSenderStrings ContainsSubjectOrBodyStrings ContainsSubjectStrings FlaggedForAction "
    "FromAddresses FromConnectedAccounts HasAttachments Importance IsApprovalRequest "
    "IsAutomaticForward IsAutomaticReply IsEncrypted IsMeetingRequest IsMeetingResponse IsNDR "
    "IsPermissionControlled IsReadReceipt IsSigned IsVoicemail ItemClasses MessageClassifications "
    "NotSentToMe SentCcMe SentOnlyToMe SentToAddresses SentToMe SentToOrCcMe Sensitivity "
    "WithinDateRange WithinSizeRange"
)

FOLDER = (
    "FolderId ParentFolderId FolderClass DisplayName TotalCount ChildFolderCount "
    "ExtendedProperty* ManagedFolderInformation EffectiveRights DistinguishedFolderId "
    "PolicyTag ArchiveTag"
)
ITEM_SHAPE = (
    "BaseShape! IncludeMimeContent BodyType UniqueBodyType NormalizedBodyType "
    "FilterHtmlContent ConvertHtmlCodePageToUTF8 InlineImageUrlTemplate BlockExternalImages "
    "AddBlankTargetToLinks MaximumBodySize AdditionalProperties"
)
VIEWS = (
    "IndexedPageItemView FractionalPageItemView SeekToConditionPageItemView CalendarView "
    "ContactsView GroupBy DistinguishedGroupBy"
)
ACTIONS = (
    "AssignCategories CopyToFolder Delete ForwardAsAttachmentToRecipients ForwardToRecipients "
    "MarkImportance MarkAsRead MoveToFolder PermanentDelete RedirectToRecipients "
    "SendSMSAlertToRecipients ServerReplyWithMessage StopProcessingRules"
)
STATE = "IsNotSupported IsInError"


def _item(own: str) -> str:
    return " ".join((ITEM + own).replace("ExtendedProperty", "ExtendedProperty*").split())


STRUCTURE = f"""
ConvertId: SourceIds!
SourceIds: AlternateId* AlternatePublicFolderId* AlternatePublicFolderItemId*
ResolveNames: ParentFolderIds UnresolvedEntry!
GetFolder: FolderShape! FolderIds!
FindFolder: FolderShape! IndexedPageFolderView FractionalPageFolderView Restriction ParentFolderIds!
CreateFolder: ParentFolderId! Folders!
UpdateFolder: FolderChanges!
DeleteFolder: FolderIds!
EmptyFolder: FolderIds!
SyncFolderHierarchy: FolderShape! SyncFolderId SyncState
FindItem: ItemShape! {VIEWS} Restriction SortOrder ParentFolderIds! QueryString
GetItem: ItemShape! ItemIds!
CreateItem: SavedItemFolderId Items!
UpdateItem: SavedItemFolderId ItemChanges!
DeleteItem: ItemIds!
MoveItem: ToFolderId! ItemIds! ReturnNewItemIds
CopyItem: ToFolderId! ItemIds! ReturnNewItemIds
SyncFolderItems: ItemShape! SyncFolderId! SyncState Ignore MaxChangesReturned! SyncScope
CreateAttachment: ParentItemId! Attachments!
GetAttachment: AttachmentShape AttachmentIds!
DeleteAttachment: AttachmentIds!
GetServerTimeZones: Ids
GetInboxRules: MailboxSmtpAddress
UpdateInboxRules: MailboxSmtpAddress RemoveOutlookRuleBlob Operations!
GetUserOofSettingsRequest: Mailbox!
SetUserOofSettingsRequest: Mailbox! UserOofSettings!
GetUserConfiguration: UserConfigurationName! UserConfigurationProperties!
FolderShape: BaseShape! AdditionalProperties
ItemShape: {ITEM_SHAPE}
AttachmentShape: IncludeMimeContent BodyType FilterHtmlContent AdditionalProperties
AdditionalProperties: FieldURI* IndexedFieldURI* ExtendedFieldURI*
FolderIds: {FOLDER_IDS}
ParentFolderIds: {FOLDER_IDS}
CreateFolder/ParentFolderId: {ONE_FOLDER}
SyncFolderId: {ONE_FOLDER}
SavedItemFolderId: {ONE_FOLDER}
ToFolderId: {ONE_FOLDER}
UserConfigurationName: {ONE_FOLDER}
DistinguishedFolderId: Mailbox
ItemIds: {ITEM_IDS}
Ignore: ItemId*
AttachmentIds: AttachmentId*
Ids: Id*
Folders: {ANY_FOLDER}
Folder: {FOLDER} PermissionSet UnreadCount
CalendarFolder: {FOLDER} SharingEffectiveRights PermissionSet
ContactsFolder: {FOLDER} SharingEffectiveRights PermissionSet
TasksFolder: {FOLDER} PermissionSet UnreadCount
FolderChanges: FolderChange*
FolderChange: {ONE_FOLDER} Updates!
FolderChange/Updates: SetFolderField* DeleteFolderField* AppendToFolderField*
SetFolderField: {FIELD} {KINDS_OF_FOLDER}
DeleteFolderField: {FIELD}
Items: {ANY_ITEM}
Item: {_item("")}
Message: {_item(MESSAGE)}
MeetingMessage: {_item(MESSAGE)}
MeetingRequest: {_item(MESSAGE)}
MeetingResponse: {_item(MESSAGE)}
MeetingCancellation: {_item(MESSAGE)}
CalendarItem: {_item(CALENDAR)}
Contact: {_item(CONTACT)}
DistributionList: {_item(LIST)}
Task: {_item(TASK)}
PostItem: {_item(POST)}
ItemChanges: ItemChange*
ItemChange: ItemId OccurrenceItemId RecurringMasterItemId Updates! CalendarActivityData
ItemChange/Updates: SetItemField* DeleteItemField* AppendToItemField*
SetItemField: {FIELD} {KINDS_OF_ITEM}
DeleteItemField: {FIELD}
AppendToItemField: {FIELD} {KINDS_OF_ITEM}
ExtendedProperty: ExtendedFieldURI! Value Values
Values: Value*
Restriction: {CONDITIONS}
And: {CONDITIONS}
Or: {CONDITIONS}
Not: {CONDITIONS}
Exists: {FIELD}
Contains: {FIELD} Constant!
Excludes: {FIELD} Bitmask!
IsEqualTo: {FIELD} FieldURIOrConstant!
IsNotEqualTo: {FIELD} FieldURIOrConstant!
IsGreaterThan: {FIELD} FieldURIOrConstant!
IsGreaterThanOrEqualTo: {FIELD} FieldURIOrConstant!
IsLessThan: {FIELD} FieldURIOrConstant!
IsLessThanOrEqualTo: {FIELD} FieldURIOrConstant!
FieldURIOrConstant: {FIELD} Constant
SortOrder: FieldOrder*
FieldOrder: {FIELD}
Categories: String*
Companies: String*
Children: String*
Task/Contacts: String*
From: Mailbox!
Sender: Mailbox!
ReceivedBy: Mailbox!
ReceivedRepresenting: Mailbox!
Organizer: Mailbox!
ToRecipients: Mailbox*
CcRecipients: Mailbox*
BccRecipients: Mailbox*
ReplyTo: Mailbox*
Mailbox: Name EmailAddress RoutingType MailboxType ItemId OriginalDisplayName
GetUserOofSettingsRequest/Mailbox: Name Address! RoutingType
SetUserOofSettingsRequest/Mailbox: Name Address! RoutingType
RequiredAttendees: Attendee*
OptionalAttendees: Attendee*
Resources: Attendee*
Attendee: Mailbox! ResponseType LastResponseTime ProposedStart ProposedEnd
Members: Member*
Member: Mailbox! Status
EmailAddresses: Entry*
PhoneNumbers: Entry*
ImAddresses: Entry*
PhysicalAddresses: Entry*
PhysicalAddresses/Entry: Street City State CountryOrRegion PostalCode
Flag: FlagStatus! StartDate DueDate CompleteDate
Recurrence: {PATTERNS} {RANGES}
Task/Recurrence: {PATTERNS} {REGENERATIONS} {RANGES}
RelativeYearlyRecurrence: DaysOfWeek! DayOfWeekIndex! Month!
AbsoluteYearlyRecurrence: DayOfMonth! Month!
RelativeMonthlyRecurrence: Interval! DaysOfWeek! DayOfWeekIndex!
AbsoluteMonthlyRecurrence: Interval! DayOfMonth!
WeeklyRecurrence: Interval! DaysOfWeek! FirstDayOfWeek
DailyRecurrence: Interval!
DailyRegeneration: Interval!
WeeklyRegeneration: Interval!
MonthlyRegeneration: Interval!
YearlyRegeneration: Interval!
NoEndRecurrence: StartDate!
EndDateRecurrence: StartDate! EndDate!
NumberedRecurrence: StartDate! NumberOfOccurrences!
StartTimeZone: Periods TransitionsGroups Transitions
EndTimeZone: Periods TransitionsGroups Transitions
Attachments: FileAttachment* ItemAttachment* ReferenceAttachment*
FileAttachment: {ATTACHMENT} IsContactPhoto Content
ItemAttachment: {ATTACHMENT} {KINDS_OF_ITEM}
ReminderMessageData: ReminderText Location StartTime EndTime AssociatedCalendarItemId
Operations: CreateRuleOperation* SetRuleOperation* DeleteRuleOperation*
CreateRuleOperation: Rule!
SetRuleOperation: Rule!
DeleteRuleOperation: RuleId!
Rule: RuleId DisplayName! Priority! IsEnabled! {STATE} Conditions Exceptions Actions
Conditions: {PREDICATES}
Exceptions: {PREDICATES}
ContainsBodyStrings: String*
ContainsHeaderStrings: String*
ContainsRecipientStrings: String*
ContainsSenderStrings: String*
ContainsSubjectOrBodyStrings: String*
ContainsSubjectStrings: String*
FromConnectedAccounts: String*
ItemClasses: String*
MessageClassifications: String*
FromAddresses: Address*
SentToAddresses: Address*
ForwardToRecipients: Address*
ForwardAsAttachmentToRecipients: Address*
RedirectToRecipients: Address*
SendSMSAlertToRecipients: Address*
FromAddresses/Address: Name EmailAddress RoutingType MailboxType ItemId
SentToAddresses/Address: Name EmailAddress RoutingType MailboxType ItemId
ForwardToRecipients/Address: Name EmailAddress RoutingType MailboxType ItemId
ForwardAsAttachmentToRecipients/Address: Name EmailAddress RoutingType MailboxType ItemId
RedirectToRecipients/Address: Name EmailAddress RoutingType MailboxType ItemId
WithinDateRange: StartDateTime EndDateTime
WithinSizeRange: MinimumSize MaximumSize
Actions: {ACTIONS}
AssignCategories: String*
CopyToFolder: {ONE_FOLDER}
MoveToFolder: {ONE_FOLDER}
UserOofSettings: OofState! ExternalAudience! Duration InternalReply ExternalReply
UserOofSettings/Duration: StartTime! EndTime!
InternalReply: Message
ExternalReply: Message
"""

ONE_OF = {
    "Recurrence": (PATTERNS, RANGES),
    "Task/Recurrence": (f"{PATTERNS} {REGENERATIONS}", RANGES),
    "ItemChange": ("ItemId OccurrenceItemId RecurringMasterItemId",),
    "SetItemField": (FIELD, KINDS_OF_ITEM),
    "AppendToItemField": (FIELD, KINDS_OF_ITEM),
    "DeleteItemField": (FIELD,),
    "SetFolderField": (FIELD, KINDS_OF_FOLDER),
    "FieldURIOrConstant": (f"{FIELD} Constant",),
    "ExtendedProperty": ("Value Values",),
    "Restriction": (CONDITIONS.replace("*", ""),),
    "CreateFolder/ParentFolderId": (ONE_FOLDER,),
    "SyncFolderId": (ONE_FOLDER,),
    "SavedItemFolderId": (ONE_FOLDER,),
    "ToFolderId": (ONE_FOLDER,),
}
"""Exactly one child of each group."""

NEVER_EMPTY = words(
    "SourceIds FolderIds ParentFolderIds ItemIds AttachmentIds Ids Folders Items FolderChanges "
    "ItemChanges Updates AdditionalProperties Attachments Operations SortOrder EmailAddresses "
    "PhoneNumbers ImAddresses PhysicalAddresses MoveToFolder CopyToFolder"
)
"""At least one child."""

NO_TEXT = words(
    "FieldURI IndexedFieldURI ExtendedFieldURI ItemId FolderId AttachmentId OccurrenceItemId "
    "RecurringMasterItemId ParentItemId IndexedPageItemView IndexedPageFolderView CalendarView "
    "Constant AlternateId"
)
SOME_TEXT = words("EmailAddress RoutingType UnresolvedEntry DaysOfWeek")
TEXT_ONLY = frozenset({"InternalReply/Message", "ExternalReply/Message"})

CHOICES = {
    "BaseShape": "IdOnly Default AllProperties",
    "BodyType": "Best HTML Text",
    "Importance": "Low Normal High",
    "MarkImportance": "Low Normal High",
    "Sensitivity": "Normal Personal Private Confidential",
    "LegacyFreeBusyStatus": "Free Tentative Busy OOF WorkingElsewhere NoData",
    "FlagStatus": "NotFlagged Flagged Complete",
    "Task/Status": "NotStarted InProgress Completed WaitingOnOthers Deferred",
    "PostalAddressIndex": "None Home Business Other",
    "FileAsMapping": "None LastCommaFirst FirstSpaceLast Company LastCommaFirstCompany "
    "CompanyLastFirst LastFirst LastFirstCompany CompanyLastCommaFirst LastFirstSuffix "
    "LastSpaceFirstCompany CompanyLastSpaceFirst LastSpaceFirst DisplayName FirstName "
    "LastFirstMiddleSuffix LastName Empty",
    "ResponseType": "Unknown Organizer Tentative Accept Decline NoResponseReceived",
    "MailboxType": "Unknown OneOff Mailbox PublicDL PrivateDL Contact PublicFolder GroupMailbox",
    "DayOfWeekIndex": "First Second Third Fourth Last",
    "FirstDayOfWeek": "Sunday Monday Tuesday Wednesday Thursday Friday Saturday",
    "Month": "January February March April May June July August September October November "
    "December",
    "SyncScope": "NormalItems NormalAndAssociatedItems",
    "OofState": "Disabled Enabled Scheduled",
    "ExternalAudience": "None Known All",
}
BOOLEANS = frozenset(
    words(
        "IncludeMimeContent FilterHtmlContent IsRead IsReadReceiptRequested "
        "IsDeliveryReceiptRequested IsResponseRequested ReminderIsSet IsAllDayEvent "
        "AllowNewTimeProposal IsInline IsContactPhoto IsEnabled HasAttachments MarkAsRead Delete "
        "PermanentDelete StopProcessingRules RemoveOutlookRuleBlob IsAutomaticReply IsEncrypted "
        "SentToMe NotSentToMe SentCcMe SentOnlyToMe SentToOrCcMe IsOnlineMeeting ReturnNewItemIds"
    )
)
INTEGERS = frozenset(
    words(
        "ReminderMinutesBeforeStart Interval DayOfMonth NumberOfOccurrences MaxChangesReturned "
        "Priority ConferenceType ActualWork TotalWork MaximumSize MinimumSize MaximumBodySize"
    )
)
INSTANTS = frozenset(
    words(
        "Start End Birthday WeddingAnniversary CompleteDate ReminderDueBy StartDateTime "
        "EndDateTime StartTime EndTime Task/StartDate Task/DueDate Flag/StartDate Flag/DueDate"
    )
)
DATES = frozenset(f"{kind}/{name}" for kind in RANGES.split() for name in ("StartDate", "EndDate"))
BASE64 = frozenset({"FileAttachment/Content"})

KEYS = {
    "EmailAddresses": "EmailAddress1 EmailAddress2 EmailAddress3",
    "PhysicalAddresses": "Home Business Other",
    "ImAddresses": "ImAddress1 ImAddress2 ImAddress3",
    "PhoneNumbers": "AssistantPhone BusinessFax BusinessPhone BusinessPhone2 Callback CarPhone "
    "CompanyMainPhone HomeFax HomePhone HomePhone2 Isdn MobilePhone OtherFax OtherTelephone Pager "
    "PrimaryPhone RadioPhone Telex TtyTddPhone",
}
NEEDED_ATTRIBUTES = {
    "FindItem": {"Traversal": "Shallow SoftDeleted Associated"},
    "FindFolder": {"Traversal": "Shallow Deep SoftDeleted"},
    "DeleteItem": {"DeleteType": "HardDelete SoftDelete MoveToDeletedItems"},
    "DeleteFolder": {"DeleteType": "HardDelete SoftDelete MoveToDeletedItems"},
    "EmptyFolder": {"DeleteType": "HardDelete SoftDelete MoveToDeletedItems"},
    "UpdateItem": {"ConflictResolution": "NeverOverwrite AutoResolve AlwaysOverwrite"},
    "IndexedPageItemView": {"Offset": "", "BasePoint": "Beginning End"},
    "IndexedPageFolderView": {"Offset": "", "BasePoint": "Beginning End"},
    "CalendarView": {"StartDate": "", "EndDate": ""},
    "ItemId": {"Id": ""},
    "FolderId": {"Id": ""},
    "AttachmentId": {"Id": ""},
    "DistinguishedFolderId": {"Id": ""},
    "FieldURI": {"FieldURI": ""},
    "IndexedFieldURI": {"FieldURI": "", "FieldIndex": ""},
    "Body": {"BodyType": "HTML Text"},
    "Constant": {"Value": ""},
    "ExtendedFieldURI": {"PropertyType": ""},
    "AlternateId": {"Id": "", "Format": "", "Mailbox": ""},
    "ConvertId": {"DestinationFormat": ""},
    "OccurrenceItemId": {"RecurringMasterId": "", "InstanceIndex": ""},
    "RecurringMasterItemId": {"OccurrenceId": ""},
    "FieldOrder": {"Order": "Ascending Descending"},
    "StartTimeZone": {"Id": ""},
    "EndTimeZone": {"Id": ""},
}
"""Attributes that must be there, and their values where there is a list."""

WHOLE_NUMBERS = ("MaxEntriesReturned", "Offset", "InstanceIndex", "PropertyId")
TRUTHS = words("SuppressReadReceipts DeleteSubFolders ReturnFullTimeZoneData ReturnFullContactData")
WEEKDAYS = words("Sunday Monday Tuesday Wednesday Thursday Friday Saturday Day Weekday WeekendDay")
ATTRIBUTE_CHOICES = {
    "MessageDisposition": "SaveOnly SendOnly SendAndSaveCopy",
    "SendMeetingInvitations": "SendToNone SendOnlyToAll SendToAllAndSaveCopy",
    "SendMeetingInvitationsOrCancellations": "SendToNone SendOnlyToAll SendOnlyToChanged "
    "SendToAllAndSaveCopy SendToChangedAndSaveCopy",
    "SendMeetingCancellations": "SendToNone SendOnlyToAll SendToAllAndSaveCopy",
    "AffectedTaskOccurrences": "AllOccurrences SpecifiedOccurrenceOnly",
    "PropertyType": "ApplicationTime ApplicationTimeArray Binary BinaryArray Boolean CLSID "
    "CLSIDArray Currency CurrencyArray Double DoubleArray Error Float FloatArray Integer "
    "IntegerArray Long LongArray Null Object ObjectArray Short ShortArray SystemTime "
    "SystemTimeArray String StringArray",
    "DistinguishedPropertySetId": "Meeting Appointment Common PublicStrings Address "
    "InternetHeaders CalendarAssistant UnifiedMessaging Task Sharing",
}
