"""Picks the face: a command runs without a window, and without loading Qt."""

from __future__ import annotations

import sys
from multiprocessing import freeze_support


def main() -> int:
    """The program's entry point; answers the exit status.

    The process that reads Outlook files is this program again when it is frozen: `freeze_support`
    sends it to its work, and must come before anything else.
    """
    freeze_support()
    from omm_desktop import app
    from omm_desktop.cli.main import is_command
    from omm_desktop.cli.main import main as command_line

    arguments = sys.argv[1:]
    if is_command(arguments):
        return command_line(arguments, app.services())
    if arguments == ["--forget-passwords"]:
        return app.forget_passwords()
    if "--selftest" in arguments:
        from omm_desktop import selftest

        return selftest.main(arguments)
    return app.window(arguments)


if __name__ == "__main__":
    sys.exit(main())
