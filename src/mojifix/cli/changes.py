"""Where a repair changed its text: the steps of a plan as one list of places, damaged and repaired side by side."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from operator import attrgetter

from mojifix.cli.kinds import PINYIN
from mojifix.plan import Damage, Plan, Repair, Step

#: characters of a change within which what stayed is looked for (the time grows with their square), and how many must
#: have stayed side by side: fewer do by chance
CLOSE, ALIKE = 400, 3


@dataclass(frozen=True, slots=True)
class Change:
    """`input[start:end]` became `result[at:until]`."""

    start: int
    end: int
    at: int
    until: int


@dataclass(frozen=True, slots=True)
class Finding:
    """A damage of a repair, from the first character that was changed to the last one, and what it became."""

    start: int
    end: int
    before: str
    after: str
    channel: str
    bits: float


def changes(plan: Plan) -> list[Change]:
    """What the steps of a plan do together.

    >>> from mojifix.plan import Edit
    >>> changes(Plan((Step("", (Edit(1, 3, "x"),)), Step("", (Edit(1, 2, "yz"), Edit(3, 4, ""))))))
    [Change(start=1, end=3, at=1, until=3), Change(start=4, end=5, at=4, until=4)]
    """
    found: list[Change] = []
    for step in plan.steps:
        found = _both(found, _of(step))
    return found


def _of(step: Step) -> list[Change]:
    found, grown = [], 0
    for edit in step.edits:
        found.append(Change(edit.start, edit.end, edit.start + grown, edit.start + grown + len(edit.text)))
        grown += len(edit.text) - (edit.end - edit.start)
    return found


def _both(first: Sequence[Change], then: Sequence[Change]) -> list[Change]:
    """Changes of a text, and then changes of what it became: those that touch in between are one."""
    if not first or not then:
        return [*first, *then]
    # In between: where each one begins and ends there, and by how much it moves what is behind it, back and onward.
    places = [(c.at, c.until, (c.end - c.start) - (c.until - c.at), 0) for c in first]
    places += [(c.start, c.end, 0, (c.until - c.at) - (c.end - c.start)) for c in then]
    found: list[Change] = []
    back = onward = 0
    places.sort()
    i = 0
    while i < len(places):
        begin, end = places[i][:2]
        before, after = back, onward
        while i < len(places) and places[i][0] <= end:
            end = max(end, places[i][1])
            back += places[i][2]
            onward += places[i][3]
            i += 1
        found.append(Change(begin + before, end + back, begin + after, end + onward))
    return found


def exact(source: str, repair: Repair) -> list[Change]:
    """The changes, less what stayed as it was at their ends and within."""
    return [part for change in changes(repair.plan) for part in _parts(source, repair.text, change)]


def _parts(source: str, text: str, change: Change) -> Iterator[Change]:
    before, after = source[change.start : change.end], text[change.at : change.until]
    head, tail = _alike(before, after)
    before, after = before[head : len(before) - tail], after[head : len(after) - tail]
    start, at = change.start + head, change.at + head
    done = seen = 0
    blocks = []
    if max(len(before), len(after)) <= CLOSE:
        blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    for block in [*(b for b in blocks if b.size >= ALIKE), None]:
        end, until = (block.a, block.b) if block else (len(before), len(after))
        if end > done or until > seen:
            yield Change(start + done, start + end, at + seen, at + until)
        if block:
            done, seen = block.a + block.size, block.b + block.size


def findings(source: str, repair: Repair) -> Iterator[Finding]:
    """The damages in which something was changed, in the order of the text; those of one place are one."""
    last = None
    for found in _findings(source, repair) if repair.damage else ():
        if last and (last.start, last.end) == (found.start, found.end):
            names = dict.fromkeys([*last.channel.split(", "), *found.channel.split(", ")])
            last = replace(last, channel=", ".join(names), bits=max(last.bits, found.bits))
            continue
        if last:
            yield last
        last = found
    if last:
        yield last


def _findings(source: str, repair: Repair) -> Iterator[Finding]:
    every = exact(source, repair)
    # A page of the kit is damaged in all of its lines, also in those of which something else is undone.
    kit = changes(Plan(tuple(step for step in repair.plan.steps if step.channel.startswith(PINYIN.id))))
    for damage in repair.damage:
        within = _within(every, damage)
        if within and (damage.channel != PINYIN.id or _within(kit, damage)):
            first, last = within[0], within[-1]
            before, after = source[first.start : last.end], repair.text[first.at : last.until]
            yield Finding(first.start, last.end, before, after, damage.channel, damage.bits)


def _within(every: Sequence[Change], damage: Damage) -> list[Change]:
    found = []
    for at in range(bisect_left(every, damage.start, key=attrgetter("end")), len(every)):
        change = every[at]
        if change.start >= damage.end:
            break
        if change.end > damage.start or change.start == damage.start:
            found.append(change)
    return found


def _alike(one: str, other: str) -> tuple[int, int]:
    """The characters at the start and at the end in which two texts agree."""
    pairs = zip(one, other, strict=False)
    shorter = min(len(one), len(other))
    head = next((at for at, (a, b) in enumerate(pairs) if a != b), shorter)
    pairs = zip(one[head:][::-1], other[head:][::-1], strict=False)
    tail = next((at for at, (a, b) in enumerate(pairs) if a != b), shorter - head)
    return head, tail
