"""`mojifix fix`: text in, repaired text out; or files in their place, or what would change in them."""

from __future__ import annotations

import argparse
import difflib
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from io import BufferedIOBase
from typing import IO

import mojifix
from mojifix.cli.account import account, summary
from mojifix.cli.files import AUTO, Encoder, label, opened, read, told
from mojifix.cli.replacing import Replacement
from mojifix.cli.saying import OutputLost, Progress, Trouble, coloured, on_terminal, reason, say, write
from mojifix.cli.walking import File as Found
from mojifix.cli.walking import Skipped, unfit, walk
from mojifix.cli.walking import summary as looked_at
from mojifix.many import in_order
from mojifix.plan import Repair

_RED, _GREEN, _CYAN, _PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[36m", "\x1b[0m"


@dataclass
class Outcome:
    """What became of a file; it travels between processes."""

    file: Found
    changed: bool = False
    output: str = ""
    skipped: str = ""
    trouble: str = ""
    notes: list[str] = field(default_factory=list)


def run(args: argparse.Namespace) -> int:
    if args.in_place or args.diff:
        return _files(args)
    if args.output is not None and len(args.files) > 1:
        raise Trouble(
            f"-o takes one input, but {len(args.files)} were given; run mojifix once for each file, "
            "or leave -o out to have them joined on standard output"
        )
    status = 0
    for name in args.files or ["-"]:
        try:
            _stream(name, args)
        except Trouble as trouble:
            say(str(trouble))
            status = 2
            if isinstance(trouble, OutputLost):
                break
        except KeyboardInterrupt:
            say(f"{label(name)}: interrupted; this input was not repaired, run the command again for it")
            return 130
    return status


# One input, one output


def _stream(name: str, args: argparse.Namespace) -> None:
    if args.output in (None, "-"):
        for data in _results(name, args):
            write(data)
    else:
        with Replacement(args.output) as out:
            for data in _results(name, args):
                out.write(data)
            out.commit()


def _results(name: str, args: argparse.Namespace) -> Iterator[bytes]:
    with opened(name) as file:
        if file.isatty():
            say("reading from the terminal; end the text with Ctrl-D, or see mojifix --help")
        total = os.fstat(file.fileno()).st_size if name != "-" else 0
        with Progress(total, quiet=args.quiet or (args.output is None and on_terminal())) as progress:
            yield from _repaired(name, file, args, progress)


def _repaired(
    name: str, file: BufferedIOBase | IO[bytes], args: argparse.Namespace, progress: Progress
) -> Iterator[bytes]:
    notes: list[str] = []
    kept: deque[str] = deque()

    def blocks() -> Iterator[str]:
        found = read(file, name, encoding, notes)
        # Their places are those of the whole text, where they are asked for.
        for block in ["".join(found)] if args.json or args.explain else found:
            kept.append(block)
            yield block

    encoding = told(file, name, args.encoding)
    encode = Encoder(name, args.output_encoding or (None if args.json else encoding), args.newline)
    said = 0
    for repair in in_order(partial(_repair, args=args), blocks(), args.jobs):
        if notes[said:]:
            progress.clear()
            say(*notes[said:])
            said = len(notes)
        data = encode(repair.to_json() + "\n" if args.json else repair.text)
        progress.add(len(data))
        yield data
        block = kept.popleft()
        if args.explain:
            progress.clear()
            say(*account(label(name), block, repair), prefix="")
    say(*notes[said:])


def _repair(text: str, args: argparse.Namespace) -> Repair:
    return mojifix.explain(text, guess=args.guess, script=args.script)


# Many files, in their place


def _files(args: argparse.Namespace) -> int:
    if (args.in_place and "-" in args.files) or not args.files:
        raise Trouble("standard input: has no place to be repaired in; name files or folders")
    files, skipped = walk(args.files, args.exclude), Skipped()
    changed = unread = status = 0
    with Progress(sum(file.size for file in files), len(files), args.quiet) as progress:
        for outcome in in_order(partial(mend, args=args), files, args.jobs):
            progress.add(outcome.file.size, 1)
            if outcome.skipped:
                skipped.counts[outcome.skipped] += 1
            if outcome.notes or outcome.trouble or outcome.output:
                progress.clear()
            write(outcome.output.encode("utf-8", "surrogateescape"))
            say(*outcome.notes, *filter(None, [outcome.trouble]))
            status = 2 if outcome.trouble else status
            unread += bool(outcome.trouble)
            changed += outcome.changed
    if not args.quiet:
        done = "repaired" if args.in_place else "to be repaired"
        say(f"{looked_at(len(files) - unread - skipped.counts.total(), skipped)}; {done}: {changed:,}")
    return status


def mend(file: Found, args: argparse.Namespace) -> Outcome:
    """Repair one file in its place, or say what would change in it. It is replaced if something is damaged."""
    outcome = Outcome(file)
    try:
        if file.name != "-" and (why := unfit(file, int(2e18) if file.named else args.max_size, args.encoding)):
            outcome.skipped = why
        elif args.diff:
            _diff(outcome, args)
        else:
            _replace(outcome, args)
    except Trouble as trouble:
        outcome.changed, outcome.trouble = False, str(trouble)
    except OSError as error:
        outcome.trouble = f"{file.name}: cannot be read ({reason(error)}); check its permissions and the disk"
    return outcome


def _replace(outcome: Outcome, args: argparse.Namespace) -> None:
    name = outcome.file.name
    same = args.newline == "keep" and args.output_encoding in (None, args.encoding)
    with Replacement(name, times=True, backup=args.backup) as out:
        with opened(name) as source:
            encoding = told(source, name, args.encoding)
            encode = Encoder(name, args.output_encoding or encoding, args.newline)
            for block in read(source, name, encoding, outcome.notes):
                repair = _repair(block, args)
                outcome.changed |= bool(repair.plan)
                out.write(encode(repair.text))
                if repair.plan and not args.quiet:
                    outcome.notes.append(f"{name}: {summary(repair)}")
        if outcome.changed or not same or (args.encoding == AUTO and outcome.notes):  # it was no UTF-8
            out.commit()


def _diff(outcome: Outcome, args: argparse.Namespace) -> None:
    name = outcome.file.name
    with opened(name) as source:
        text = "".join(read(source, name, args.encoding, outcome.notes))
    result = _repair(text, args).text
    outcome.changed = result != text
    if outcome.changed:
        outcome.output = "".join(diff(label(name), text, result, coloured()))


def diff(name: str, before: str, after: str, colour: bool) -> Iterator[str]:
    r"""What `patch` and `git apply` read.

    >>> print(*diff("a.txt", "x\n濂�\n", "x\n好\n", False), sep="", end="")
    --- a/a.txt
    +++ b/a.txt
    @@ -1,2 +1,2 @@
     x
    -濂�
    +好
    """
    old, new = _lines(before), _lines(after)
    colours = {"-": _RED, "+": _GREEN, "@": _CYAN}
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}"):
        paint = colours.get(line[0]) if colour else None
        body = line.removesuffix("\n")
        yield f"{paint}{body}{_PLAIN}\n" if paint else f"{body}\n"
        if not line.endswith("\n"):
            yield "\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """Lines that end in a line feed, and in nothing else."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + lines[-1:] * (lines[-1] != "")
