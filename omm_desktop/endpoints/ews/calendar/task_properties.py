"""The day a task was done: EWS has a field for it that exchangelib does not let be written."""

from __future__ import annotations

from exchangelib import ExtendedProperty, Task

COMPLETED = "completed_on"


class CompletedOn(ExtendedProperty):  # type: ignore[misc]
    """PidLidTaskDateCompleted; only for writing, as some servers write instants it cannot read."""

    distinguished_property_set_id = "Task"
    property_id = 0x810F
    property_type = "SystemTime"


Task.register(COMPLETED, CompletedOn)
