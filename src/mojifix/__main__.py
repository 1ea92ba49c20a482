"""`python -m mojifix` is the command `mojifix`."""

import sys

from mojifix.cli import main

if __name__ == "__main__":
    sys.exit(main())
