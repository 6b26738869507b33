"""Contacts, lists, appointments and tasks, as plain data for whoever writes vCard or iCalendar."""
