"""Events and tasks: iCalendar and vCalendar 1.0 cut, read and written; one value for each."""
