"""An Outlook data file (.pst, .ost) as a source; it is read in a process of its own.

    source        the port, over
    process       one file in a reading process: opened, asked, limited, ended
    at_hand       the processes that nobody asks, which read the next file
    running       a reading process from its start on, over
    line, talk    the pipes between the two, and what they say to each other
    serving       the reading process itself, with its limits
    folders, listing, reading      what it is asked for
    cards, events, tasks           contacts, appointments and tasks in the formats of the house

Nothing but `serving` and what it calls touches the file, since a damaged one may do anything to
those who read it.
"""
