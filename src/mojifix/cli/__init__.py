"""The command `mojifix`: arguments, files and words. All judgement is in `mojifix.explain`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from mojifix.cli.arguments import parse
from mojifix.cli.saying import Trouble, say


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    args = parse(sys.argv[1:] if argv is None else argv)
    try:
        status: int = args.run(args)
        return status
    except Trouble as trouble:
        say(str(trouble))
        return 2
    except KeyboardInterrupt:
        say("interrupted; every file is as it was or repaired, none is half written")
        return 130
