"""What all kinds of items share: listing, identity, attachments, requests that write."""
