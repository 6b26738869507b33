"""The parser of arguments: what argparse says itself, it says in the current language."""

from __future__ import annotations

import argparse
from typing import NoReturn

from omm_desktop.language import mark
from omm_desktop.language import translate as _

OF_ARGPARSE = (
    mark("usage: "),
    mark("positional arguments"),
    mark("options"),
    mark("show this help message and exit"),
    mark("argument %(argument_name)s: %(message)s"),
    mark("the following arguments are required: %s"),
    mark("expected one argument"),
    mark("ignored explicit argument %r"),
    mark("invalid %(type)s value: %(value)r"),
    mark("invalid choice: %(value)r (choose from %(choices)s)"),
)
"""Its words, as far as our commands make it say them."""

# It asks for them by this name; otherwise they would come from files that nobody has.
vars(argparse)["_"] = _


class BadUsage(Exception):
    """The arguments cannot be understood; the text says why."""


class Parser(argparse.ArgumentParser):
    """Raises instead of ending the program."""

    def error(self, message: str) -> NoReturn:
        raise BadUsage(f"{self.format_usage()}{message}")
