"""Passwords in the system's keyring, or in memory for this session where there is none."""

from __future__ import annotations

import logging
from collections.abc import Iterable

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as NoKeyring
from keyring.errors import PasswordDeleteError

from omm_desktop.model.account import Account
from omm_desktop.model.secret import Secret

log = logging.getLogger(__name__)

SERVICE = "omm-desktop"
_SAFE_BACKENDS = frozenset(
    {
        "keyring.backends.Windows",
        "keyring.backends.macOS",
        "keyring.backends.SecretService",
        "keyring.backends.libsecret",
        "keyring.backends.kwallet",
    }
)


class Credentials:
    """Keeps passwords between runs. May wait for the person to unlock the keyring: not for Qt.

    Only the keyrings of Windows and macOS, the Secret Service and KWallet count as safe; with any
    other (plain files, none) everything stays in memory (problem 41-01).
    """

    def __init__(self, backend: KeyringBackend | None = None) -> None:
        self._keyring = _safe_one_of(backend or keyring.get_keyring())
        self._backend = self._keyring
        self._session: dict[str, Secret] = {}
        # Put into the keyring, or not to be looked for there.
        self._may_hold: set[str] = set()

    @classmethod
    def in_memory(cls) -> Credentials:
        """Nothing outlives the program, whatever keyring there is."""
        return cls(NoKeyring())  # type: ignore[no-untyped-call]

    @property
    def is_safe_place(self) -> bool:
        """True while passwords outlive the program, in the system's keyring."""
        return self._backend is not None

    @property
    def back_end(self) -> str:
        """The module of the keyring that passwords go to; "memory" when there is none."""
        return type(self._backend).__module__ if self._backend else "memory"

    def store(self, account: Account, secret: Secret) -> None:
        name = entry_name(account)
        if self._backend:
            try:
                self._backend.set_password(SERVICE, name, secret.reveal())
                self._may_hold.add(name)
                return
            except Exception as error:
                self._give_up(error)
        self._session[name] = secret

    def recall(self, account: Account) -> Secret | None:
        name = entry_name(account)
        if name in self._session:
            return self._session[name]
        if self._backend:
            try:
                for one in (name, _older_name(account)):
                    if text := self._backend.get_password(SERVICE, one):
                        return Secret(text)
            except Exception as error:
                self._give_up(error)
        if self._keyring and not self._backend:
            self._may_hold.add(name)
        return None

    def forget(self, account: Account) -> bool:
        """Whether nothing is left as far as one knows; nothing happens when nothing was kept.

        A keyring that failed before is asked again: what it holds was kept earlier.
        """
        name = entry_name(account)
        only_here = self._session.pop(name, None) is not None and name not in self._may_hold
        gone = [self._delete(one) for one in (name, _older_name(account))]
        return all(gone) or only_here

    def forget_all(self, accounts: Iterable[Account]) -> bool:
        """Whether nothing is left of any of them; each is tried whatever became of the others."""
        gone = [self.forget(account) for account in accounts]
        return all(gone)

    def _delete(self, name: str) -> bool:
        if self._keyring is None:
            return True
        try:
            try:
                self._keyring.delete_password(SERVICE, name)
            except PasswordDeleteError:
                # Of what is not there, and by KWallet and macOS of what one may not open.
                return self._keyring.get_password(SERVICE, name) is None
        except Exception as error:
            self._give_up(error)
            return False
        return True

    def _give_up(self, error: Exception) -> None:
        """Backends raise errors of many libraries: locked, dismissed, no bus, entry too long."""
        log.warning("the keyring failed: %s", type(error).__name__)
        self._backend = None


def entry_name(account: Account) -> str:
    """What the entry is called in the keyring."""
    return f"{_older_name(account)}:{account.server.port}"


def _older_name(account: Account) -> str:
    """What it was called before one host could have several servers; never written any more."""
    return f"{account.kind} {account.login} {account.server.host}"


def _safe_one_of(backend: KeyringBackend) -> KeyringBackend | None:
    choices = backend.backends if isinstance(backend, ChainerBackend) else [backend]
    return next((one for one in choices if type(one).__module__ in _SAFE_BACKENDS), None)
