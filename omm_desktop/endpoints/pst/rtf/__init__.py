"""Rich Text Format as Outlook keeps it: compressed, often around HTML or plain text."""
