"""Messages that Outlook saves one by one (MSG): compound files of properties."""
