"""Where the folders that rules speak of are in the new mailbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from omm_desktop.model.items import Folder
from omm_desktop.model.plan import MigrationPlan, Selection
from omm_desktop.model.ports import Destination

from .folder_plan import folder_plan
from .jobs import Job


def rule_folders(
    plan: MigrationPlan,
    jobs: Sequence[Job],
    sources: Sequence[Folder],
    destination: Destination,
    led_to: Mapping[str, str],
) -> dict[str, str]:
    """By keys of source folders, the keys of the folders they lead to and that are there.

    What takes no part in the copy leads where it would: to the trash, say, or to what an earlier
    copy has made. Nothing is created for a rule.
    """
    there = destination.folders()
    keys = {folder.path: folder.key for folder in there}
    everything = replace(plan, selection=Selection())
    takes = destination.limits.kinds
    found = folder_plan(everything, sources, there, destination.delimiter_free, led_to, takes)
    led = {
        route.source.key: keys[route.destination]
        for route in found.routes
        if route.destination in keys
    }
    return led | {job.folder.key: job.lane.folder.key for job in jobs}
