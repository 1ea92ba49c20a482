"""CSV and JSON lines: what is not damaged is written byte for byte as it was read."""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from mojifix.cli.files import Encoder, label, pieces, told
from mojifix.cli.saying import Trouble, count
from mojifix.many import BATCH

if TYPE_CHECKING:
    from mojifix.cli.tables import Mended

#: rows of a batch, be they ever so short
ROWS = 1000


@dataclass
class _Lines:
    """What CSV and JSON lines have in common: text in, text out, byte for byte."""

    args: argparse.Namespace
    source: IO[bytes]
    sink: Any

    def __post_init__(self) -> None:
        self.encoding = told(self.source, self.args.file, self.args.encoding)
        self.encode = Encoder(self.args.file, self.encoding, "keep")
        self.troubles: list[str] = []
        self.notes: list[str] = []

    def lines(self, newline: str) -> Iterator[str]:
        """Lines that end as `open` has it for that `newline`, with their ends."""
        held: list[str] = []
        for piece in pieces(self.source, self.args.file, self.encoding, self.notes):
            # A carriage return at the very end may be half of a line end.
            other = piece.rfind("\r", 0, len(piece) - 1) if not newline else -1
            end = max(piece.rfind("\n"), other) + 1
            if end:
                yield from io.StringIO("".join([*held, piece[:end]]), newline)
                held.clear()
            held.append(piece[end:])
        yield from io.StringIO("".join(held), newline)

    def batches(self) -> Iterator[tuple[list[Any], list[str | None]]]:
        rows: list[Any] = []
        texts: list[str | None] = []
        size = 0
        for row, values in self.rows():
            rows.append(row)
            texts += values
            size += sum(map(len, filter(None, values)))
            if size >= BATCH or len(rows) >= ROWS:
                yield rows, texts
                rows, texts, size = [], [], 0
        if rows:
            yield rows, texts

    def rows(self) -> Iterator[tuple[Any, list[str | None]]]:
        raise NotImplementedError

    def write(self, rows: Sequence[Any], mended: Sequence[Mended | None]) -> None:
        width = len(self.args.column)
        parts = (self.row(row, mended[i * width : (i + 1) * width]) for i, row in enumerate(rows))
        self.sink.write(self.encode("".join(parts)))

    def row(self, row: Any, mended: Sequence[Mended | None]) -> str:
        raise NotImplementedError

    def close(self) -> None:
        self.sink.close()  # the end of what is packed


class Csv(_Lines):
    """A record in which nothing is damaged is written as it was read, quotes and line end included."""

    def rows(self) -> Iterator[tuple[Any, list[str | None]]]:
        csv.field_size_limit(sys.maxsize)  # a page is a field
        self.mark = self.args.delimiter
        raw: list[str] = []
        lines = (raw.append(line) or line for line in self.lines(""))  # type: ignore[func-returns-value]
        reader = csv.reader(lines, delimiter=self.mark)
        wanted: list[int] = []
        try:
            for record in reader:
                if not wanted and record:
                    names = [record[0].removeprefix("\ufeff"), *record[1:]]
                    wanted = [_place(name, names, self.args.file) for name in self.args.column]
                    self.sink.write(self.encode(self._more("".join(raw), self._names())))
                else:
                    values = [record[place] if place < len(record) else None for place in wanted]
                    yield ("".join(raw), record, wanted), values
                raw.clear()
        except csv.Error as error:
            raise Trouble(f"{label(self.args.file)}:{reader.line_num}: is not CSV ({error})") from None

    def _names(self) -> list[str]:
        return [f"{name}_{what}" for name in self.args.column for what in ("damage", "bits")]

    def _more(self, raw: str, values: Sequence[str]) -> str:
        """A record with the values of the account at its end."""
        if not self.args.account or not raw.strip("\r\n"):
            return raw
        body = raw.rstrip("\r\n")
        mark: str = self.mark
        return mark.join([body, *map(self._quoted, values)]) + raw[len(body) :]

    def _quoted(self, value: str) -> str:
        return '"' + value.replace('"', '""') + '"' if re.search(f'[{re.escape(self.mark)}"\r\n]', value) else value

    def row(self, row: tuple[str, list[str], list[int]], mended: Sequence[Mended | None]) -> str:
        raw, record, wanted = row
        if any(mended):
            raw, fields = self._fields(raw, record)
            for place, one in sorted(zip(wanted, mended, strict=True), key=lambda pair: -pair[0]):
                if one:
                    start, end = fields[place]
                    kept = raw[start:end].startswith('"')
                    value = '"' + one.text.replace('"', '""') + '"' if kept else self._quoted(one.text)
                    raw = raw[:start] + value + raw[end:]
        said = (pair for one in mended for pair in ((one.kinds, f"{one.bits:.1f}") if one else ("", "")))
        return self._more(raw, [*said])

    def _fields(self, raw: str, record: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
        """Where the fields of a record are. One with stray quotes is first written as it should have been."""
        mark = re.escape(self.mark)
        field = f'((?:"(?:[^"]|"")*")?[^{mark}\r\n]*)(?:{mark}|\r\n|\n|\r|$)'
        places = [match.span(1) for match in re.finditer(field, raw)]
        plain = (re.sub('^"|"$', "", raw[start:end]).replace('""', '"') for start, end in places)
        if all(one == other for one, other in zip(plain, record, strict=False)) and len(places) >= len(record):
            return raw, places
        made = self.mark.join(map(self._quoted, record)) + raw[len(raw.rstrip("\r\n")) :]
        return made, [match.span(1) for match in re.finditer(field, made)]


class JsonLines(_Lines):
    """A line in which nothing is damaged is written as it was read."""

    def rows(self) -> Iterator[tuple[Any, list[str | None]]]:
        known: dict[str, None] = {}
        bad = []
        for number, line in enumerate(self.lines("\n"), 1):
            data: Any = {}
            if line.strip():
                try:
                    data = json.loads(line.removeprefix("\ufeff"))
                except (ValueError, RecursionError) as error:
                    bad.append(f"{number} ({error})")
            record = data if isinstance(data, dict) else {}
            values = [value if isinstance(value := record.get(name), str) else None for name in self.args.column]
            known |= dict.fromkeys(record)
            yield (line, record), values
        if bad:
            self.troubles.append(f"{label(self.args.file)}: {count(len(bad), 'line')} not JSON and kept: line {bad[0]}")
        if known:
            for name in self.args.column:
                _place(name, [*known], self.args.file)

    def row(self, row: tuple[str, dict[str, Any]], mended: Sequence[Mended | None]) -> str:
        line, record = row
        pairs = [*zip(self.args.column, mended, strict=True)]
        for name, one in pairs:
            if one:
                line = _replaced(line, record, name, one.text)
                record = {**record, name: one.text}
        if self.args.account and record:
            more: dict[str, Any] = {}
            for name, one in pairs:
                more |= {f"{name}_damage": one.kinds if one else None, f"{name}_bits": one.bits if one else None}
            body = line.rstrip()
            line = f"{body[:-1]}, {_json(more)[1:]}{line[len(body) :]}"
        return line


def _replaced(line: str, record: dict[str, Any], name: str, text: str) -> str:
    """A line of JSON with another value; all else in it stays, numbers and spaces too, where that can be seen to."""
    for ascii in (False, True):
        old, new = (json.dumps(value, ensure_ascii=ascii) for value in (record[name], text))
        if line.count(old) == 1:
            made = line.replace(old, _json(text) if not ascii else new)
            if json.loads(made.removeprefix("\ufeff")) == {**record, name: text}:
                return made
    return _json({**record, name: text}) + line[len(line.rstrip()) :]


def _json(data: object) -> str:
    """JSON in which half surrogates are escaped, for they cannot be written otherwise."""
    made: str = json.dumps(data, ensure_ascii=False)
    return str(re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", made))


def _place(name: str, names: Sequence[str], file: str) -> int:
    if name not in names:
        raise Trouble(f"{label(file)}: has no column {name}; its columns are {', '.join(names[:20])}")
    return names.index(name)
