"""Spans that went through a codec mix-up: found, read back, and decided.

A line is tried whole, and where it is not damaged as a whole, each run of characters beyond ASCII in it. Whether a span
is damaged is one number: how many bits it costs as it stands, less what its best reading costs, less the bits of the
channel. The bytes of clean text are no UTF-8 at all, so that there is hardly ever a reading to compare it with.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from mojifix import screen
from mojifix.channels.recode import COMMON, RECODES, Recode
from mojifix.charsets import LOST
from mojifix.lattice import read
from mojifix.model import Model, load
from mojifix.plan import Damage, Edit, Guess, Plan, Repair, Step, replay
from mojifix.search import Reading, best_reading

_RUN = re.compile("[^\x00-\x7f]+\\??")
#: characters before and behind a run that say what it may be
BEFORE, BEHIND = 8, 3
#: spans that decide which program it was
SAMPLE = 8


class Found(NamedTuple):
    """A damaged span of the text, and how it reads."""

    start: int
    end: int
    channel: Recode
    bits: float
    reading: Reading


def undo(text: str, *, threshold: float, least: float) -> Repair:
    """The text with every span read back whose evidence exceeds `threshold` bits.

    Restored characters less probable than `least` become U+FFFD.

    >>> undo("// " + RECODES[0].damage("初始化配置"), threshold=10, least=0.5).text
    '// 初始化配置'
    """
    model = load()
    lines = list(_suspicious(text))
    orders = _orders(text, lines[:SAMPLE], model, threshold)
    found = [span for line in lines for span in _spans(text, line, orders, model, threshold)]
    if not found:
        return Repair(text)
    edits: list[Edit] = []
    guesses: list[Guess] = []
    grown = 0
    for span in found:
        restored, kept = span.reading.settled(least)
        edits.append(Edit(span.start, span.end, restored))
        guesses += (Guess(g.start + span.start + grown, g.text, g.probability, g.alternatives) for g in kept)
        grown += len(restored) - (span.end - span.start)
    plan = Plan((Step(Counter(span.channel.name for span in found).most_common(1)[0][0], tuple(edits)),))
    damage = tuple(Damage(span.start, span.end, span.channel.name, span.bits) for span in found)
    return Repair(replay(text, plan), plan, tuple(guesses), damage)


def _suspicious(text: str) -> Iterator[tuple[int, int]]:
    """The lines in which the screen sees something; the others are not even looked for."""
    end = 0
    while seen := screen.recoded().search(text, end):
        start = text.rfind("\n", end, seen.start()) + 1 or end
        end = text.find("\n", seen.end())
        end = len(text) if end < 0 else end
        yield start, end


Orders = Sequence[Sequence[Recode]]
"""Channels in the order in which they are tried: of those in one group, the one that explains a span best."""


def _orders(text: str, lines: Sequence[tuple[int, int]], model: Model, threshold: float) -> Orders:
    """Common programs before rare ones; and before all, the one that explains the first lines best, for a text went
    through one program as a rule."""
    usual = [list(channels) for _, channels in groupby(RECODES, key=lambda channel: channel.bits > COMMON)]
    total: dict[Recode, float] = {}
    if len(lines) > 1:
        for line in lines:
            for channels in usual:
                spans = [span for span in _candidates(text, *line, channels, model) if span.bits > threshold]
                for span in spans:
                    total[span.channel] = total.get(span.channel, 0.0) + span.bits
                if spans:
                    break
    return [sorted(total, key=lambda channel: -total[channel])[:1], *usual]


def _spans(text: str, line: tuple[int, int], orders: Orders, model: Model, threshold: float) -> Iterator[Found]:
    """The damaged spans of a line: all of it, or runs."""
    whole = _best(text, *line, orders, model)
    if whole and whole.bits > threshold:
        yield whole
        return
    for run in _RUN.finditer(text, *line):
        if screen.recoded().search(run[0]):
            span = _best(text, *run.span(), orders, model)
            if span and span.bits > threshold:
                yield span


def _best(text: str, start: int, end: int, orders: Orders, model: Model) -> Found | None:
    """What explains a span best."""
    for channels in orders:
        if found := list(_candidates(text, start, end, channels, model)):
            return max(found, key=lambda span: span.bits)
    return None


def _candidates(text: str, start: int, end: int, channels: Iterable[Recode], model: Model) -> Iterator[Found]:
    """The readings of a span, channel by channel; what would give the same one twice is left out."""
    span, then = text[start:end], text[end : end + BEHIND] or "\n"
    step = model.script(span)
    _, state = step(model.start, text[max(0, start - BEFORE) : start].rpartition("\n")[2])
    clean, _ = step(state, span + then)
    patterns = []
    for channel in channels:
        pattern = channel.invert(span)
        if pattern is not None and pattern not in patterns:
            patterns.append(pattern)
            reading = best_reading(read(pattern, channel.charset), model, start=state, then=then)
            if LOST not in reading.text:
                yield Found(start, end, channel, clean - reading.bits - channel.bits, reading)
