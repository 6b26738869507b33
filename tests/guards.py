"""Guards around every test, and a keyring for those that need one."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from omm_desktop.language import set_language
from omm_desktop.wizard.present import mask

_GRACE_SECONDS = 30.0


@pytest.fixture(autouse=True)
def no_thread_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread it started alive; threads of wider fixtures may stay."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + _GRACE_SECONDS
    for thread in set(threading.enumerate()) - before:
        # A thread of Qt shows itself to Python as a dummy that cannot be joined.
        if not isinstance(thread, threading._DummyThread):
            thread.join(max(0.0, deadline - time.monotonic()))
            assert not thread.is_alive(), f"left behind: {thread}"


@pytest.fixture(autouse=True)
def same_language() -> Iterator[None]:
    """Every test begins in English, whatever an earlier one chose."""
    set_language("en")
    yield
    set_language("en")


@pytest.fixture(autouse=True)
def no_mask() -> Iterator[None]:
    """Every test begins with personal data shown."""
    mask.put_on(False)
    yield
    mask.put_on(False)


class MemoryKeyring(KeyringBackend):
    """A working keyring that forgets everything with the test."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise PasswordDeleteError(username)


@pytest.fixture
def memory_keyring() -> Iterator[MemoryKeyring]:
    """The keyring of this test, in place of the person's own."""
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)
