"""`mojifix data`: columns of CSV, JSON lines and Parquet, in a stream; every other byte or value stays as it is."""

from __future__ import annotations

import argparse
import bz2
import contextlib
import gzip
import lzma
import os
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, Protocol

import mojifix
from mojifix.cli.changes import findings
from mojifix.cli.files import label, opened
from mojifix.cli.kinds import kind
from mojifix.cli.replacing import Replacement
from mojifix.cli.saying import Progress, Trouble, count, on_terminal, say, write
from mojifix.many import in_order

_PACKED = {".gz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}
_FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".parquet": "parquet",
}


class Mended(NamedTuple):
    """What a damaged value became; kinds by their names for programs, and the bits of the surest one."""

    text: str
    kinds: str
    bits: float


class Table(Protocol):
    """A data set that is read in batches of rows. Columns of text are lists; what is no text in them is None.

    `troubles` and `notes` are to be said in the end.
    """

    troubles: list[str]
    notes: list[str]

    def batches(self) -> Iterator[tuple[Any, list[str | None]]]:
        """Rows, and the texts of the wanted columns in them, row by row."""

    def write(self, rows: Any, mended: Sequence[Mended | None]) -> None: ...

    def close(self) -> None: ...


def run(args: argparse.Namespace) -> int:
    if args.output not in (None, "-") and _suffix(args.output) != _suffix(args.file) != "":
        raise Trouble(f"{args.output}: would be written as {_suffix(args.file)} is; give it that ending")
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(Replacement(args.output)) if args.output not in (None, "-") else None
        rows, damaged, table = _repair(args, out)
        if out:
            out.commit()
    if not args.quiet:
        say(f"{label(args.file)}: {count(rows, 'row')}, {count(damaged, 'value')} repaired")
    say(*table.notes, *table.troubles)
    return 2 if table.troubles else 0


def _repair(args: argparse.Namespace, out: Replacement | None) -> tuple[int, int, Table]:
    """Rows, values that were damaged, and the data set."""
    with contextlib.ExitStack() as stack:
        source = stack.enter_context(opened(args.file))
        form = args.format or _FORMATS.get(_suffix(args.file))
        if form is None:
            raise Trouble(f"{label(args.file)}: of no known format; give --format csv, jsonl or parquet")
        total = os.fstat(source.fileno()).st_size if args.file != "-" else 0
        sink = Sink(out)
        if form == "parquet":
            from mojifix.cli.parquet import Parquet

            table: Table = Parquet(args, source, sink)
        else:
            from mojifix.cli.lines import Csv, JsonLines

            args.delimiter = args.delimiter or ("\t" if _suffix(args.file) == ".tsv" else ",")
            form_of = Csv if form == "csv" else JsonLines
            table = form_of(args, _unpacked(args.file, source), stack.enter_context(_packed(args.output, sink)))
        damaged = rows = 0
        waiting: deque[Any] = deque()

        def texts() -> Iterator[list[str | None]]:
            for batch, values in table.batches():
                waiting.append((batch, source.tell() if total else 0))
                yield values

        progress = stack.enter_context(Progress(total, quiet=args.quiet or (out is None and on_terminal())))
        for mended in in_order(partial(mend, guess=args.guess, script=args.script), texts(), args.jobs):
            batch, place = waiting.popleft()
            table.write(batch, mended)
            rows += len(mended) // len(args.column)
            damaged += sum(one is not None for one in mended)
            progress.add(max(0, place - progress.done))
        table.close()
        return rows, damaged, table


def mend(texts: Sequence[str | None], guess: Any, script: Any) -> list[Mended | None]:
    """What texts become; None for those that stay."""
    results: list[Mended | None] = []
    for text in texts:
        repair = mojifix.explain(text, guess=guess, script=script) if text else None
        if text is None or repair is None or repair.text == text:
            results.append(None)
        else:
            found = [*findings(text, repair)]
            kinds = dict.fromkeys(kind(one.channel).id for one in found)
            results.append(Mended(repair.text, ",".join(kinds), max((one.bits for one in found), default=0.0)))
    return results


class Sink:
    """What is written to: a file to be, or standard output; as a file for those that want one."""

    closed = False

    def __init__(self, out: Replacement | None) -> None:
        self._out = out
        self._at = 0

    def write(self, data: Any) -> int:
        data = bytes(data)
        self._out.write(data) if self._out else write(data)
        self._at += len(data)
        return len(data)

    def tell(self) -> int:
        return self._at

    def flush(self) -> None: ...

    def close(self) -> None: ...


def _suffix(name: str) -> str:
    """The ending that names a format."""
    stem, suffix = os.path.splitext(name.lower())
    return os.path.splitext(stem)[1] if suffix in _PACKED else suffix


def _unpacked(name: str, source: Any) -> Any:
    opener: Any = _PACKED.get(os.path.splitext(name)[1].lower())
    return opener(source, "rb") if opener else source


def _packed(name: str | None, sink: Sink) -> Any:
    opener: Any = _PACKED.get(os.path.splitext(name or "")[1].lower())
    return opener(sink, "wb") if opener else contextlib.nullcontext(sink)
