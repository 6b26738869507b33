"""Contacts, events and tasks on their way in and out, in as many requests as each takes."""
