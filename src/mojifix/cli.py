"""The command `mojifix`: bytes in, repaired bytes out, an account on request. All judgement is in `mojifix.explain`."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import stat
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

import mojifix
from mojifix.plan import Repair

EXAMPLES = """\
examples:
  mojifix page.txt                  print the repaired page
  mojifix page.txt -o page.txt      repair the file in place
  curl -s URL | mojifix             repair what comes from a pipe
  mojifix --explain page.txt        say on stderr what was found, where, and how sure it is
  mojifix --guess never page.txt    put U+FFFD where a character is lost, guess nothing
  mojifix --json *.txt              one JSON document a file: text, damage, guesses, plan

Undamaged text comes out byte for byte as it went in. Input and output are UTF-8.
Exit status: 0, or 2 when a file could not be read or written, or 130 after Ctrl-C.
"""


class Trouble(Exception):
    """Something that the user can mend; the message reads `where: what; what to do`."""


class OutputLost(Trouble):
    """Nobody reads standard output any more, or it is full: there is no point in going on."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    parser = _parser()
    args = parser.parse_args(argv)
    if args.version:
        print(f"mojifix {_version()}")
        return 0
    if args.output is not None and len(args.files) > 1:
        parser.error(
            f"-o takes one input, but {len(args.files)} were given; run mojifix once for each file, "
            "or leave -o out to have them joined on standard output"
        )
    status = 0
    for name in args.files or ["-"]:
        try:
            _run(name, args)
        except Trouble as trouble:
            _say(str(trouble))
            status = 2
            if isinstance(trouble, OutputLost):
                break
        except KeyboardInterrupt:
            _say(f"{_label(name)}: interrupted; this input was not repaired, run the command again for it")
            return 130
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mojifix",
        description="Repair mojibake in Chinese text.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("files", nargs="*", metavar="FILE", help="UTF-8 text; - or no FILE is standard input")
    parser.add_argument("-o", "--output", metavar="PATH", help="write to PATH, whole or not at all, instead of stdout")
    parser.add_argument("--explain", action="store_true", help="give an account of the repair on stderr")
    parser.add_argument("--json", action="store_true", help="write the repair as one line of JSON instead of the text")
    parser.add_argument(
        "--guess",
        choices=["never", "likely", "always"],
        default="likely",
        help="restore lost characters never, when likely (the default), or always; what is not restored is U+FFFD",
    )
    parser.add_argument(
        "--script",
        choices=["restore", "keep", "simplified", "traditional"],
        default="restore",
        help="restore: undo a conversion to traditional characters that came with the damage (the default); "
        "keep: leave the script as found; simplified, traditional: convert the whole text",
    )
    parser.add_argument("--version", action="store_true", help="print the version and stop")
    return parser


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("mojifix")
    except PackageNotFoundError:
        return "(not installed)"


def _run(name: str, args: argparse.Namespace) -> None:
    """Repair one input."""
    label = _label(name)
    source = _decode(label, _read(name))
    repair = mojifix.explain(source, guess=args.guess, script=args.script)
    result = repair.to_json() + "\n" if args.json else repair.text
    data = result.encode("utf-8", "surrogateescape")
    if args.output in (None, "-"):
        _write_stdout(data)
    else:
        _write_file(args.output, data)
    if args.explain:
        _say(*_account(label, source, repair), prefix="")


# Reading


def _label(name: str) -> str:
    return "standard input" if name == "-" else name


def _read(name: str) -> bytes:
    try:
        if name != "-":
            with open(name, "rb") as file:
                return file.read()
        if sys.stdin is None:
            raise Trouble("standard input: it is closed; name a FILE or pipe a text in")
        return sys.stdin.buffer.read()
    except FileNotFoundError:
        raise Trouble(f"{name}: no such file; check the name and the folder") from None
    except IsADirectoryError:
        raise Trouble(f"{_label(name)}: is a directory; name the files in it, such as {name}/*.txt") from None
    except PermissionError:
        raise Trouble(f"{_label(name)}: you may not read it; change its permissions or ask its owner") from None
    except (OSError, ValueError) as error:
        raise Trouble(f"{_label(name)}: cannot be read ({_reason(error)}); check the name and the disk") from None


def _decode(label: str, data: bytes) -> str:
    """Decode UTF-8. What is not UTF-8 is carried through as surrogates, which `_run` writes back as bytes."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _say(
            f"{label}: not UTF-8 at byte {error.start} (0x{data[error.start]:02x}); such bytes are kept as they are, "
            "convert the file first if it has another encoding (iconv -f GB18030 -t UTF-8)"
        )
        return data.decode("utf-8", "surrogateescape")


# Writing


def _write_stdout(data: bytes) -> None:
    if sys.stdout is None:
        raise OutputLost("standard output: it is closed; give a file with -o")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        # The interpreter flushes once more at its end: let that go nowhere instead of failing again.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise OutputLost("standard output: its reader has gone; the rest of the text was not written") from None
        raise OutputLost(f"standard output: cannot be written ({_reason(error)}); make room or use -o") from None


def _write_file(name: str, data: bytes) -> None:
    """Write all of `data` or leave the target as it was."""
    try:
        target = os.path.realpath(name)
        try:
            old = os.stat(target)
        except FileNotFoundError:
            old = None
        if old is not None and stat.S_ISDIR(old.st_mode):
            raise Trouble(f"{name}: is a directory; give -o the name of a file")
        if old is not None and not os.access(target, os.W_OK):
            raise Trouble(f"{name}: is write-protected; nothing was written, change its permissions or the name")
        if old is not None and not stat.S_ISREG(old.st_mode):
            with open(target, "wb") as device:  # a pipe or a device cannot be replaced
                device.write(data)
        else:
            _replace(target, data, old)
    except FileNotFoundError:
        raise Trouble(f"{name}: its folder does not exist; create it or give another name") from None
    except PermissionError:
        raise Trouble(f"{name}: you may not write into its folder; give another name") from None
    except (OSError, ValueError) as error:
        raise Trouble(f"{name}: cannot be written ({_reason(error)}); nothing was changed, give another name") from None


def _replace(target: str, data: bytes, old: os.stat_result | None) -> None:
    temporary = os.path.join(os.path.dirname(target), f".mojifix-{os.urandom(6).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(descriptor)
        if old is not None:
            if hasattr(os, "chown"):
                with contextlib.suppress(OSError):  # only root may give a file away
                    os.chown(temporary, old.st_uid, old.st_gid)
            os.chmod(temporary, stat.S_IMODE(old.st_mode))
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error)


# Saying


def _say(*lines: str, prefix: str = "mojifix: ") -> None:
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            print(*(prefix + line for line in lines), sep="\n", file=sys.stderr, flush=True)


def _account(label: str, source: str, repair: Repair) -> Iterator[str]:
    """Tell what was found and what was restored, a line for each, and a summary at the end."""
    if repair.encoding is not None:
        yield f"{label}: read as {repair.encoding}"
    place = _places(source)
    for found in repair.damage:
        seen = _excerpt(source[found.start : found.end])
        yield f"{label}:{place(found.start)}: {found.channel}, {found.bits:.0f} bits: {seen}"
    place = _places(repair.text)
    for guess in repair.guesses:
        end = guess.start + len(guess.text)
        before, after = repair.text[max(0, guess.start - 6) : guess.start], repair.text[end : end + 6]
        others = ", ".join(f"{_excerpt(text)} {_percent(p)}" for text, p in guess.alternatives)
        yield (
            f"{label}: restored at {place(guess.start)} of the result: "
            f"{_excerpt(before)}[{_excerpt(guess.text)}]{_excerpt(after)} {_percent(guess.probability)}"
            + (f" (or {others})" if others else "")
        )
    yield f"{label}: {_summary(repair)}"


def _summary(repair: Repair) -> str:
    if not repair.damage and not repair.plan:
        return "no damage found, the text is as it was"
    kinds = ", ".join(f"{channel} {count}" for channel, count in Counter(d.channel for d in repair.damage).items())
    parts = [f"damage found: {kinds or 'none'}", f"edits: {sum(len(step.edits) for step in repair.plan.steps)}"]
    if repair.guesses:
        parts.append(f"characters restored by guess: {len(repair.guesses)}")
    if lost := repair.text.count("\ufffd"):
        parts.append(f"U+FFFD left: {lost}")
    return "; ".join(parts)


def _places(text: str) -> Callable[[int], str]:
    """A function from an offset of `text` to its line:column, both counted from 1."""
    starts = [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]

    def place(offset: int) -> str:
        line = bisect_right(starts, offset)
        return f"{line}:{offset - starts[line - 1] + 1}"

    return place


def _excerpt(text: str) -> str:
    if len(text) > 40:
        text = f"{text[:20]} … {text[-17:]}"
    return "".join(c if c.isprintable() else "␣" if c.isspace() else ascii(c)[1:-1] for c in text)


def _percent(probability: float) -> str:
    # Round down: 99.96 % is not 100 %.
    return f"{int(probability * 1000) / 10:.1f} %"
