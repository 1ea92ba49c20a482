"""Bytes of unknown, mixed or damaged encoding, read and repaired.

First what is read as a whole, else line by line; then what was done to the bytes is undone, and then all that
`mojifix.fix` repairs in text. Every decision is one number in bits. The plan says which bytes are read in which
encoding, and what is replaced in the text that they give; it needs neither model nor chardet to be applied.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Literal, get_args

from mojifix import repair as heart
from mojifix.plan import Damage, Plan, Repair
from mojifix.rawbytes import mend, seven, whole
from mojifix.rawbytes.candidates import RAW, Encoding
from mojifix.rawbytes.lines import Evidence
from mojifix.reading import ESCAPES, Part, Reading, strict
from mojifix.repair import LEAST, Guessing, Script

Errors = Literal["replace", "surrogateescape", "strict"]
#: bytes that are given to be read at once, from a file of any size
BLOCK = 1 << 20
_BOM = "\ufeff".encode()
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
#: control characters of a hundred bytes, NUL apart, with which bytes are no text. Random bytes have ten, as gzip and
#: PNG do, ELF has more; text has none, and a stray one where it was damaged
NO_TEXT = 4.0
GLANCES, GLANCE = 16, 4096


class NotTextError(ValueError):
    """The bytes are no text, or there are some among them that no encoding explains."""


def decode(
    data: bytes,
    *,
    guess: Guessing = "likely",
    script: Script = "restore",
    errors: Errors = "replace",
    undo: str | Iterable[str] = (),
) -> str:
    """The text of bytes of which nobody knows the encoding, in which there are several, or which were damaged.

    Bytes that are no text become U+FFFD each; with `errors="surrogateescape"` they stay as Python's error handler of
    that name has it, and what is no text at all goes back to its bytes by `text.encode("utf-8", "surrogateescape")`;
    with "strict" they raise `NotTextError`. `undo` names what hides the bytes in ASCII: "quoted-printable", "percent",
    "backslash" (\\\\xNN, \\\\NNN, \\\\uNNNN), "7bit" (high bits cleared), or several of them in their order.

    >>> decode("今天天气很好\\n".encode("gbk") + "今天天气很好\\n".encode())
    '今天天气很好\\n今天天气很好\\n'
    >>> decode(b"%BD%F1%CC%EC.html", undo="percent")
    '今天.html'
    """
    return explain(data, guess=guess, script=script, errors=errors, undo=undo).text


def explain(
    source: str | bytes,
    *,
    guess: Guessing = "likely",
    script: Script = "restore",
    errors: Errors = "replace",
    undo: str | Iterable[str] = (),
) -> Repair:
    """As `fix` for text and `decode` for bytes, with the account: what was found, done and guessed, and how surely.

    For bytes `encoding` is what they are in, the one of most bytes first, and `damage` has offsets in the bytes (in
    those that `undo` gives).
    """
    if not isinstance(source, (bytes, bytearray, memoryview)):
        return heart.explain(source, guess=guess, script=script)
    data = bytes(source)
    evidence = Evidence()
    evidence.see(data)
    return Block(evidence, guess, script, errors, undo).explain(data)


class Block:
    """How bytes are read: the evidence about all of them, and what the caller wants."""

    def __init__(
        self,
        evidence: Evidence,
        guess: Guessing = "likely",
        script: Script = "restore",
        errors: Errors = "replace",
        undo: str | Iterable[str] = (),
    ) -> None:
        heart.check("", guess, script)
        if errors not in get_args(Errors):
            raise ValueError(f"errors must be one of {', '.join(get_args(Errors))}, not {errors!r}")
        self.evidence, self.guess, self.script, self.errors = evidence, guess, script, errors
        self._before: Encoding | None = None
        names = [undo] if isinstance(undo, str) else [*undo]
        self.seven = "7bit" in names
        self.undo = tuple(name for name in names if name != "7bit")
        if unknown := {*self.undo} - {*ESCAPES}:
            raise ValueError(f"undo must be of {', '.join([*ESCAPES, '7bit'])}, not {sorted(unknown)[0]!r}")

    def explain(self, data: bytes) -> Repair:
        """The account of some bytes."""
        raw = Reading((), self.undo).raw(data)
        if self.undo:
            self.evidence.see(raw)
        reading = self.reading(raw)
        reading = replace(reading, undo=self.undo + reading.undo)
        return self.read(data, reading)

    def read(self, data: bytes, reading: Reading) -> Repair:
        """The account of some bytes of which it is known how they are read."""
        raw = reading.raw(data)
        pieces = [part.text(raw) for part in reading.parts]
        starts = [*accumulate(map(len, pieces), initial=0)]
        places = [(start, part.encoding) for start, part in zip(starts, reading.parts, strict=False)]
        text = "".join(pieces)
        repair = Repair(text, Plan(reading=reading))
        if _is_raw(reading):
            if self.errors == "strict":
                raise NotTextError(f"these {len(data)} bytes are no text: open them with the program that wrote them")
            if self.errors == "surrogateescape":
                reading = Reading((Part(0, len(data), "utf-8"),))
                return Repair(reading.text(data), Plan(reading=reading))
            damage = Damage(0, len(data), "no text", len(data))
            return replace(mend.shown(repair.then(mend.unreadable(text))), damage=(damage,))
        return _placed(repair.then(self.mended(text, places)), reading, pieces)

    def mended(self, text: str, places: mend.Places) -> Repair:
        """What was read, with all undone that was done to it."""
        least = LEAST[self.guess]
        repair = mend.halves(text, places, least)
        if not repair.plan:
            repair = mend.utf8(text, places, least)
        repair = repair.then(mend.nuls(repair.text))
        repair = repair.then(mend.ends(repair.text))
        if self.errors != "surrogateescape":
            left = mend.unreadable(repair.text)
            if left.plan and self.errors == "strict":
                at = left.damage[0].start
                raise NotTextError(
                    f"byte 0x{ord(repair.text[at]) - 0xDC00:02x} (character {at} of the text) is in no encoding that "
                    "fits: take errors='replace' to have U+FFFD for it, or 'surrogateescape' to keep it"
                )
            repair = repair.then(left)
        return mend.shown(repair.then(heart.explain(repair.text, guess=self.guess, script=self.script)))

    def reading(self, data: bytes) -> Reading:
        if self.seven and data.isascii():
            return seven.reading(data)
        cuts = whole.joined(data)
        return (self._several(data, cuts) if cuts else None) or self._single(data)

    def _several(self, data: bytes, cuts: list[int]) -> Reading | None:
        """Files that were put together, each read on its own evidence; None if any is no text."""
        parts: list[Part] = []
        for start, end in zip([0, *cuts], [*cuts, len(data)], strict=True):
            block = Block(Evidence())
            block.evidence.see(data[start:end])
            reading = block._single(data[start:end], False)
            if _is_raw(reading) and not data[start:end].isascii():
                return None
            parts += (replace(part, start=part.start + start, end=part.end + start) for part in reading.parts)
        return Reading(tuple(_joined(parts)))

    def _single(self, data: bytes, undoing: bool = True) -> Reading:
        if found := whole.whole(data, undoing):
            return found
        if binary(data):
            return Reading((Part(0, len(data), RAW.name),))
        if undoing and b"\0" in data and _divided(data, bare := ESCAPES["nul"](data)):
            return replace(self._single(bare), undo=("nul",))
        parts: list[Part] = []
        start = 0
        before = self._before
        for end in (*_marks(data), len(data)):
            for first, last, row in self.evidence.spans(data[start:end], before):
                parts += whole.parts(data, start + first, start + last, row.name)
                before = row
            start = end + len(_BOM)
        self._before = before
        return Reading(tuple(_joined(parts)))


def _divided(data: bytes, bare: bytes) -> bool:
    """Whether bytes are text without their NULs and none with them: some stand inside of characters."""
    names = ("utf-8", "gb18030", "big5hkscs")
    return any(strict(data, name) is None and strict(bare, name) is not None for name in names)


def _marks(data: bytes) -> Iterator[int]:
    """Where U+FEFF stands in UTF-8: files that were put together have it inside."""
    at = data.find(_BOM)
    while at >= 0:
        yield at
        at = data.find(_BOM, at + len(_BOM))


def _joined(parts: Iterable[Part]) -> Iterator[Part]:
    """Parts that follow on one another as one, but for single bytes."""
    last: Part | None = None
    for part in parts:
        if part.start == part.end:
            continue
        if last and last.end == part.start and last.encoding == part.encoding and not _lone(part) and not _lone(last):
            last = replace(last, end=part.end)
            continue
        if last:
            yield last
        last = part
    if last:
        yield last


def _is_raw(reading: Reading) -> bool:
    """Whether nothing but ASCII was understood, and that beside bytes that were not."""
    return bool(reading.parts) and all(part.encoding == RAW.name for part in reading.parts)


def _lone(part: Part) -> bool:
    return part.encoding == RAW.name and part.end <= part.start + 3


def binary(data: bytes) -> bool:
    r"""Whether bytes that are no text of two or four bytes a unit are none at all: by control characters in samples.

    >>> binary("文字\n".encode()), binary(bytes(range(256)))
    (False, True)
    """
    step = max(GLANCE, len(data) // GLANCES)
    sample = b"".join([data[at : at + GLANCE] for at in range(0, len(data), step)]).replace(b"\0", b"")
    return bool(data) and 100 * len(_CONTROL.findall(sample)) >= NO_TEXT * len(sample)


def _placed(repair: Repair, reading: Reading, pieces: list[str]) -> Repair:
    """A repair with its findings at their offsets in the bytes, and the encodings that its parts are in."""
    offsets = {offset for found in repair.damage for offset in (found.start, found.end)}
    place = dict(_places(sorted(offsets), reading.parts, pieces))
    damage = tuple(replace(found, start=place[found.start], end=place[found.end]) for found in repair.damage)
    bulk: Counter[str] = Counter()
    for part, piece in zip(reading.parts, pieces, strict=True):
        bulk[part.encoding] += 0 if piece.isascii() or _lone(part) else part.end - part.start
    names = [name for name, _ in bulk.most_common()]
    names = [name for name in names if bulk[name]] or names[:1]
    return replace(repair, damage=damage, encoding=", ".join(names) or None)


def _places(offsets: list[int], parts: Sequence[Part], pieces: list[str]) -> Iterator[tuple[int, int]]:
    """Offsets in the text, sorted, each with that in the bytes."""
    asked = iter(offsets)
    offset, start = next(asked, -1), 0
    for part, piece in zip(parts, pieces, strict=True):
        done, at = 0, part.start
        while start <= offset < start + len(piece):
            at += _length(piece[done : offset - start], part)
            done = offset - start
            yield offset, min(at, part.end)
            offset = next(asked, -1)
        start += len(piece)
    while offset >= 0:
        yield offset, parts[-1].end if parts else 0
        offset = next(asked, -1)


def _length(text: str, part: Part) -> int:
    """The bytes of a piece of a part."""
    try:
        return len(text.encode(part.encoding, "surrogateescape"))
    except (LookupError, UnicodeEncodeError):  # what Python only reads has two bytes a character
        return len(text) + sum(char > "\x7f" for char in text)
