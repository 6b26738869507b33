"""Passwords on standard input."""

from __future__ import annotations

import io

import pytest

from omm_desktop.cli.secrets import SecretsRefused, read_secrets


def test_both_passwords_are_read() -> None:
    text = '{"source": {"password": "é "}, "destination": {"password": "b"}}'
    secrets = read_secrets(io.StringIO(text))
    assert secrets.source.reveal() == "é "
    assert secrets.destination.reveal() == "b"
    assert "é" not in repr(secrets)


def test_what_lies_on_this_computer_needs_none() -> None:
    text = '{"destination": {"password": "b"}}'
    secrets = read_secrets(io.StringIO(text), ["destination"])
    assert (secrets.source.reveal(), secrets.destination.reveal()) == ("", "b")
    assert not read_secrets(io.StringIO(""), []).source


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hunter2",
        "[]",
        '{"source": {"password": "hunter2"}}',
        '{"source": "hunter2", "destination": {"password": "hunter2"}}',
        '{"source": {"password": ""}, "destination": {"password": "hunter2"}}',
        '{"source": {"password": "\\ud800"}, "destination": {"password": "hunter2"}}',
        '{"source": {"password": 5}, "destination": {"password": "hunter2"}}',
        '{"source": {"password": "a", "x": 1}, "destination": {"password": "hunter2"}}',
        '{"source": {"password": "a"}, "destination": {"password": "hunter2"}, "third": 1}',
        '{"source": {"password": "hunter2"',
        "[" * 100_000,
    ],
)
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(SecretsRefused) as refused:
        read_secrets(io.StringIO(text))
    assert "hunter2" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__ or refused.value.__context__ is None
