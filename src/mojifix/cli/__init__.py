"""The command `mojifix`: arguments, files and words. All judgement is in `mojifix.explain`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from mojifix.cli.arguments import parse
from mojifix.cli.saying import Trouble, say


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    args = parse(sys.argv[1:] if argv is None else argv)
    _put_away()
    try:
        status: int = args.run(args)
        return status
    except Trouble as trouble:
        say(str(trouble))
        return 2
    except KeyboardInterrupt:
        say("interrupted; every file is as it was or repaired, none is half written")
        return 130


def _put_away() -> None:
    """Have what was begun put away when the command is to end, as on Ctrl-C; where it is to go on (nohup), it does."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has but one of them
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            with suppress(ValueError):  # not the main thread
                signal.signal(number, signal.default_int_handler)
