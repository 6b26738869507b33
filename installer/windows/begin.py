"""Where Windows begins: also the process that reads Outlook files finds its way from here."""

import sys

from omm_desktop.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
