"""Passwords from standard input: the only way in on the command line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TextIO

from omm_desktop.language import translate as _
from omm_desktop.model.secret import Secret, Secrets

_MOST_SIGNS = 1 << 20


class SecretsRefused(Exception):
    """Standard input does not hold what was expected. The text never quotes it."""


SIDES = ("source", "destination")


def read_secrets(stream: TextIO, wanted: Sequence[str] = SIDES) -> Secrets:
    """`{"source": {"password": "…"}, "destination": {"password": "…"}}` -> Secrets.

    Of sides that are not `wanted`, files on this computer, nothing need be told, and nothing is
    used. Raises `SecretsRefused`.
    """
    if not wanted:
        return Secrets(Secret(""), Secret(""))
    try:
        data = json.loads(stream.read(_MOST_SIGNS))
    except (ValueError, RecursionError):
        raise SecretsRefused(_("Standard input holds no valid JSON.")) from None
    if not isinstance(data, dict) or not set(wanted) <= set(data) <= set(SIDES):
        raise SecretsRefused(
            _('Standard input must hold "source" and "destination", and nothing else.')
        )
    source, destination = (
        _password(data, side) if side in wanted else Secret("") for side in SIDES
    )
    return Secrets(source, destination)


def _can_be_sent(password: str) -> bool:
    """False for half of a character, which JSON can write as \\uD800."""
    return not any("\ud800" <= sign <= "\udfff" for sign in password)


def _password(data: dict[str, Any], side: str) -> Secret:
    part = data[side]
    password = part.get("password") if isinstance(part, dict) and len(part) == 1 else None
    if not isinstance(password, str) or not password or not _can_be_sent(password):
        raise SecretsRefused(
            _('Standard input must hold a "password" for "{side}".').format(side=side)
        )
    return Secret(password)
