"""The server as a process of its own: `python -m tests.servers.ews anna@exchange.test …`.

It prints the URL of EWS, and ends with its standard input. Passwords are `secret`.
"""

from __future__ import annotations

import sys

from .server import EwsServer


def main(addresses: list[str]) -> None:
    with EwsServer() as server:
        for address in addresses:
            server.add_mailbox(address)
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main(sys.argv[1:])
