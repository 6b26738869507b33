"""Outlook data files (.pst, .ost) without Outlook, from Microsoft's public documents.

The floors, each standing on those named after it:

    organizer   contacts, lists, appointments, tasks as plain data
    mime        a message as RFC 5322 bytes
    messaging   store, folders, messages, recipients, attachments ([MS-PST] 2.4)
    rtf         compressed RTF, and the HTML or text within ([MS-OXRTFCP], [MS-OXRTFEX])
    ltp         properties and tables ([MS-PST] 2.3)
    ndb         pages, blocks, nodes ([MS-PST] 2.2)

Nothing here knows the rest of the program. `Damaged` is all that a bad file raises.
"""
