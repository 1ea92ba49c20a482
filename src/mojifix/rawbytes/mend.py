"""What was done to bytes on disk, undone in the text that they are read as.

Bytes that no encoding could read are single surrogates here (U+DC80 to U+DCFF). In UTF-8 they are the stumps of
characters, in GBK halves of them, or bytes that do not belong; what they were is for the model to say.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from mojifix.charsets import LOST
from mojifix.model import load
from mojifix.plan import Damage, Edit, Guess, Plan, Repair, Step, difference
from mojifix.plan import replay as applied
from mojifix.rawbytes import shift, stumps
from mojifix.rawbytes.candidates import BAD
from mojifix.search import Reading

_BROKEN = re.compile("[\udc80-\udcff]")
_RUN = re.compile("[\udc80-\udcff]+")
_ENDS = re.compile("\r{2,}\n")
_NULS = re.compile("\0+")
#: what stays unknown, hidden from `mojifix.fix`, which knows less of it: it would try every channel on the line
_HIDDEN = "\udfff"
#: characters around NUL bytes that say whether a text goes on behind them
AROUND = 8

Places = Sequence[tuple[int, str]]
"""Where in a text each part begins, and its encoding."""


def halves(text: str, places: Places, least: float) -> Repair:
    """Single bytes among pairs: a character that has lost a byte, a byte too many, or what stays unknown."""
    edits: list[Edit] = []
    guesses: list[Guess] = []
    damage: list[Damage] = []
    grown = 0
    names = {name for _, name in places if shift.wide(name)}
    gone = {name: shift.gone(text.encode(name, "surrogatepass"), name) for name in names}
    for number, (start, name) in enumerate(places):
        encoding = places[number - 1][1] if number and shift.known(places[number - 1][1]) else _next(places, number)
        if name != "ascii" or not shift.known(encoding) or start == len(text):
            continue
        size = places[number + 1][0] - start if number + 1 < len(places) else len(text) - start
        data = text[start : start + size].encode("ascii", "surrogateescape") if size in (1, 3) else b""
        if not data or (data[0] < 0x80 and not shift.wide(encoding)):
            continue
        value = data[0]
        if size == 3:
            edits.append(Edit(start, start + 3, shift.split(data, encoding) or _HIDDEN))
            damage.append(Damage(start, start + 3, f"a byte added in {encoding}", BAD))
            grown -= 2
            continue
        if not shift.half(value, encoding):
            continue
        before, behind = text[max(0, start - shift.BEFORE) : start], text[start + 1 : start + 1 + shift.BEHIND]
        behind = _BROKEN.split(behind)[0].partition("\n")[0]
        if not value and text.startswith("\n", start + 1):  # of CR, which a program took away; LF is whole
            edits.append(Edit(start, start + 1, "\r" * ("\r\n" in text)))
            damage.append(Damage(start, start + 1, "CR lost", BAD))
            grown -= "\r\n" not in text
            continue
        reading = shift.whole(_BROKEN.split(before)[-1], value, behind, encoding, gone.get(encoding))
        found = [guess for guess in reading.guesses if not guess.start][:1]
        now = reading.text.removesuffix(behind)
        if found and found[0].probability < least:
            now, found = _HIDDEN, []
        edits.append(Edit(start, start + 1, now))
        guesses += (replace(guess, start=guess.start + start + grown) for guess in found)
        damage.append(Damage(start, start + 1, f"a byte lost or added in {encoding}", BAD))
        grown += len(now) - 1
    return _repair(text, "bytes lost or added", edits, guesses, damage)


def _next(places: Places, number: int) -> str:
    return places[number + 1][1] if number + 1 < len(places) else ""


def utf8(text: str, places: Places, least: float) -> Repair:
    """Lines of UTF-8 in which characters have lost bytes."""
    lines = [(start, end) for start, end in _lines(text) if _encoding(places, start, end) == "utf-8"]
    edits: list[Edit] = []
    guesses: list[Guess] = []
    damage: list[Damage] = []
    grown = 0
    found = stumps.readings([text[start:end].encode("utf-8", "surrogateescape") for start, end in lines])
    for (start, end), reading in zip(lines, found, strict=True):
        line = text[start:end]
        if reading is None or (bits := _bits(line) - reading.bits) <= 0:
            continue
        restored, kept = _without_end(reading).settled(least)
        restored = restored.replace(LOST, _HIDDEN)
        edits += (replace(edit, start=edit.start + start, end=edit.end + start) for edit in difference(line, restored))
        guesses += (replace(guess, start=guess.start + start + grown) for guess in kept)
        damage.append(Damage(start, end, "utf-8 with bytes lost", bits))
        grown += len(restored) - len(line)
    return _repair(text, "utf-8 with bytes lost", edits, guesses, damage)


def _without_end(reading: Reading) -> Reading:
    """Without a line end that may have been swallowed at the end: it is there, or the text ends."""
    last = reading.guesses[-1] if reading.guesses else None
    if last and last.text.isspace() and last.start + len(last.text) == len(reading.text):
        return replace(reading, text=reading.text[: last.start], guesses=reading.guesses[:-1])
    return reading


def _bits(line: str) -> float:
    return load().bits(_BROKEN.sub("", line)) + BAD * len(_BROKEN.findall(line))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """The lines with bytes that could not be read."""
    end = 0
    while broken := _BROKEN.search(text, end):
        start = text.rfind("\n", end, broken.start()) + 1 or end
        end = text.find("\n", broken.end())
        end = len(text) if end < 0 else end
        yield start, end


def _encoding(places: Places, start: int, end: int) -> str:
    """The encoding of a stretch of text; none if there are several."""
    first = bisect_right(places, (start, "\U0010ffff")) - 1
    last = bisect_right(places, (end - 1, "\U0010ffff")) - 1
    return places[first][1] if first == last else ""


def ends(text: str) -> Repair:
    """Line ends in which CR was doubled."""
    found = [*_ENDS.finditer(text)]
    edits = [Edit(*end.span(), "\r\n") for end in found]
    damage = [Damage(*end.span(), "CRLF for LF in CRLF", BAD) for end in found]
    return _repair(text, "CRLF for LF in CRLF", edits, [], damage)


def nuls(text: str) -> Repair:
    """NUL within a text, and behind it; where they part one record from the next they stay.

    What stands before and behind as one text costs so many bits, and as two so many.

    >>> nuls("今天\\0天气很好\\0\\0\\0\\0").text, nuls("第一章\\0第二章\\0").text == "第一章\\0第二章\\0"
    ('今天天气很好', True)
    """
    if "\0" not in text or ("\n" not in text and text.endswith("\0") and not text.endswith("\0\0")):
        return Repair(text)
    found = [*_NULS.finditer(text)]
    inside = [nul for nul in found if nul.start() > 0 and nul.end() < len(text)]
    bits = load().bits
    gained = 0.0
    for nul in inside[:AROUND]:
        before = text[max(0, nul.start() - AROUND) : nul.start()].rpartition("\n")[2].rpartition("\0")[2]
        behind = text[nul.end() : nul.end() + AROUND].partition("\n")[0].partition("\0")[0]
        gained += bits(before + "\n") + bits(behind) - bits(before + behind)
    if gained <= 0 and inside:
        return Repair(text)
    edits = [Edit(*nul.span(), "") for nul in found]
    return _repair(text, "NUL", edits, [], [Damage(*nul.span(), "NUL", gained) for nul in found])


def unreadable(text: str) -> Repair:
    """U+FFFD, which `shown` shows, for each byte that could not be read."""
    edits = [Edit(*run.span(), _HIDDEN * len(run[0])) for run in _RUN.finditer(text)]
    damage = [Damage(edit.start, edit.end, "bytes that are no text", BAD * len(edit.text)) for edit in edits]
    return _repair(text, "bytes that are no text", edits, [], damage)


def shown(repair: Repair) -> Repair:
    """A repair with U+FFFD for what stays unknown."""
    if _HIDDEN not in repair.text:
        return repair
    steps = tuple(
        replace(step, edits=tuple(replace(edit, text=edit.text.replace(_HIDDEN, LOST)) for edit in step.edits))
        for step in repair.plan.steps
    )
    return replace(repair, text=repair.text.replace(_HIDDEN, LOST), plan=replace(repair.plan, steps=steps))


def _repair(text: str, name: str, edits: list[Edit], guesses: list[Guess], damage: list[Damage]) -> Repair:
    if not edits:
        return Repair(text)
    plan = Plan((Step(name, tuple(edits)),))
    return Repair(applied(text, plan), plan, tuple(guesses), tuple(damage))
