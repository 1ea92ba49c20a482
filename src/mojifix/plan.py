"""What was done to a text, as plain data.

A `Plan` is a list of steps, a `Step` a list of edits, an `Edit` one replacement. `replay` applies a plan; it needs no
model and no judgement, so a plan made once can be checked by a person, stored as JSON and applied anywhere:

>>> plan = Plan((Step("pinyin", (Edit(1, 6, ""), Edit(7, 8, "。"))),))
>>> replay("向(xiàng)?", Plan())
'向(xiàng)?'
>>> replay("好(hǎo)的?", plan)
'好的。'
>>> Plan.from_json(plan.to_json()) == plan
True

A plan of bytes says first how they are read (`mojifix.reading`), and then it is a plan of that text.

`Repair` is what `mojifix.explain` returns: the text, its plan, what was guessed and what damage was found.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from mojifix.checked import field, items, short
from mojifix.reading import Reading

FORMAT = 1
"""The version of the JSON of a plan. It changes only when an older reader would misread a newer plan."""

_SURROGATE = "[\ud800-\udfff]"
_INSIDE_SURROGATE_PAIR = "(?<=[\ud800-\udbff])(?=[\udc00-\udfff])"


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `input[start:end]` of the step by `text`. With `start == end` it inserts."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"an edit needs 0 <= start <= end, but this one has start {self.start}, end {self.end}")


@dataclass(frozen=True, slots=True)
class Step:
    """The edits that undo one channel: sorted, not overlapping, with offsets in the text that this step is given."""

    channel: str
    edits: tuple[Edit, ...]

    def __post_init__(self) -> None:
        end = 0
        for number, edit in enumerate(self.edits, 1):
            if edit.start < end:
                raise ValueError(
                    f"edit {number} of step {self.channel!r} starts at {edit.start}, but the edit before it ends at "
                    f"{end}: the edits of a step are sorted and do not overlap (put the second one into a later step)"
                )
            end = edit.end


@dataclass(frozen=True, slots=True)
class Plan:
    """How bytes are read, if it is of bytes, and steps in the order in which they are applied; false when there is
    nothing to do."""

    steps: tuple[Step, ...] = ()
    reading: Reading | None = None

    def __bool__(self) -> bool:
        return self.reading is not None or any(step.edits for step in self.steps)

    def to_json(self) -> str:
        return _dumps(self._data())

    @classmethod
    def from_json(cls, source: str) -> Plan:
        """Read what `to_json` wrote, or raise a ValueError that says what is wrong with it."""
        try:
            data = json.loads(source)
        except (ValueError, RecursionError) as error:
            raise ValueError(f"not a plan, since it is not JSON: {error}") from error
        version = field(data, "mojifix", int, "the plan")
        if version != FORMAT:
            raise ValueError(
                f"a plan of format {version}, but this mojifix reads format {FORMAT}: "
                "use the mojifix that wrote the plan, or explain() the text anew"
            )
        steps = tuple(_read_step(step, number) for number, step in items(data, "steps", "the plan"))
        return cls(steps, Reading.from_data(data["reading"]) if "reading" in data else None)

    def _data(self) -> dict[str, Any]:
        # An edit is [start, end, text]. JSON cannot tell the two halves of a surrogate pair from the character that
        # they stand for, so a text that holds such halves side by side is written as several parts, to be joined.
        steps = [
            {"channel": step.channel, "edits": [[e.start, e.end, *_split_pairs(e.text)] for e in step.edits]}
            for step in self.steps
        ]
        data: dict[str, Any] = {"mojifix": FORMAT}
        if self.reading is not None:
            data["reading"] = self.reading.data()
        return {**data, "steps": steps}


@dataclass(frozen=True, slots=True)
class Damage:
    """A finding: `input[start:end]` went through `channel`; `bits` is the evidence against "undamaged"."""

    start: int
    end: int
    channel: str
    bits: float


@dataclass(frozen=True, slots=True)
class Guess:
    """What was lost and worked out: `text` stands at `start` of the repaired text.

    `probability` is that of `text`; `alternatives` are the other readings with theirs, best first.
    """

    start: int
    text: str
    probability: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """A repaired text and the account of its repair: `text == replay(input, plan)`."""

    text: str
    plan: Plan = Plan()
    guesses: tuple[Guess, ...] = ()
    damage: tuple[Damage, ...] = ()
    encoding: str | None = None

    def then(self, other: Repair) -> Repair:
        """This repair, and then another one of its text, as one: findings in the first input, guesses in the last text.

        >>> first = Repair("bc", Plan((Step("", (Edit(0, 1, ""),)),)), damage=(Damage(0, 2, "one", 20.0),))
        >>> first.then(Repair("bd", Plan((Step("", (Edit(1, 2, "d"),)),)), damage=(Damage(1, 2, "two", 20.0),))).damage
        (Damage(start=0, end=2, channel='one', bits=20.0), Damage(start=2, end=3, channel='two', bits=20.0))
        """
        if not other.plan:
            return self
        guesses, damage = self.guesses, other.damage
        for step in other.plan.steps:
            guesses = tuple(_carried(guesses, step))
        for step in reversed(self.plan.steps):
            damage = tuple(replace(d, start=_before(step, d.start)[0], end=_before(step, d.end)[1]) for d in damage)
        return replace(
            other,
            plan=replace(self.plan, steps=(*self.plan.steps, *other.plan.steps)),
            encoding=self.encoding,
            guesses=tuple(sorted((*guesses, *other.guesses), key=lambda guess: guess.start)),
            damage=tuple(sorted((*self.damage, *damage), key=lambda found: (found.start, found.end))),
        )

    def to_json(self) -> str:
        """One line of JSON. Its "plan" is a whole plan, as `Plan.from_json` reads it."""
        guesses = [
            {
                "start": guess.start,
                "text": guess.text,
                "probability": guess.probability,
                "alternatives": guess.alternatives,
            }
            for guess in self.guesses
        ]
        damage = [{"start": d.start, "end": d.end, "channel": d.channel, "bits": d.bits} for d in self.damage]
        return _dumps(
            {
                "mojifix": FORMAT,
                "text": self.text,
                "encoding": self.encoding,
                "damage": damage,
                "guesses": guesses,
                "plan": self.plan._data(),
            }
        )


def replay(source: str | bytes, plan: Plan) -> str:
    """Apply `plan` to the text or the bytes that it was made for. An empty plan gives back the very same text.

    >>> from mojifix.reading import Part
    >>> replay("中文".encode("gbk"), Plan((Step("", (Edit(1, 2, "国"),)),), Reading((Part(0, 4, "gb18030"),))))
    '中国'
    """
    if (plan.reading is None) is not isinstance(source, str):
        made = "text" if plan.reading is None else "bytes"
        raise ValueError(f"this plan was made for {made}, but this is {type(source).__name__}: give replay the {made}")
    if not isinstance(source, str):
        assert plan.reading is not None
        source = plan.reading.text(bytes(source))
    for step in plan.steps:
        if step.edits:
            source = _apply(source, step)
    return source


def _apply(source: str, step: Step) -> str:
    if step.edits[-1].end > len(source):
        raise ValueError(
            f"this plan belongs to another text: step {step.channel!r} edits up to offset {step.edits[-1].end}, "
            f"but its input ends at {len(source)}"
        )
    pieces: list[str] = []
    done = 0
    for edit in step.edits:
        pieces += source[done : edit.start], edit.text
        done = edit.end
    pieces.append(source[done:])
    return "".join(pieces)


def _before(step: Step, offset: int) -> tuple[int, int]:
    """Where a place behind a step was before it: the place twice, or the ends of the edit that it lies in."""
    grown = 0
    for edit in step.edits:
        start = edit.start + grown
        if offset <= start:
            break
        if offset < start + len(edit.text):
            return edit.start, edit.end
        grown += len(edit.text) - (edit.end - edit.start)
    return offset - grown, offset - grown


def _carried(guesses: Iterable[Guess], step: Step) -> Iterator[Guess]:
    """Guesses behind a step: moved, with the new character where it is one; none where their number changed."""
    edits = iter((*step.edits, None))
    edit, grown = next(edits), 0
    for guess in sorted(guesses, key=lambda guess: guess.start):
        while edit and edit.end <= guess.start:
            grown += len(edit.text) - (edit.end - edit.start)
            edit = next(edits)
        end = guess.start + len(guess.text)
        if not edit or edit.start >= end:
            yield replace(guess, start=guess.start + grown)
        elif edit.start <= guess.start and end <= edit.end and len(edit.text) == edit.end - edit.start:
            text = edit.text[guess.start - edit.start : end - edit.start]
            yield replace(guess, start=guess.start + grown, text=text)


def difference(before: str, after: str) -> Iterator[Edit]:
    """The edits from one text to another: character by character where they are of one length, else one edit."""
    if len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        for changed, run in groupby(pairs, key=lambda pair: pair[1][0] != pair[1][1]):
            if changed:
                places = [at for at, _ in run]
                yield Edit(places[0], places[-1] + 1, after[places[0] : places[-1] + 1])
    else:
        head = _common(before, after)
        tail = _common(before[head:][::-1], after[head:][::-1])
        yield Edit(head, len(before) - tail, after[head : len(after) - tail])


def _common(one: str, other: str) -> int:
    """The length of the common beginning of two texts."""
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _dumps(data: dict[str, Any]) -> str:
    # Readable Chinese, but lone surrogates escaped: they are legal in a str and cannot be encoded.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return re.sub(_SURROGATE, lambda match: f"\\u{ord(match[0]):04x}", text)


def _split_pairs(text: str) -> list[str]:
    return [text] if text.isascii() else re.split(_INSIDE_SURROGATE_PAIR, text)


def _read_step(data: object, number: int) -> Step:
    where = f"step {number}"
    channel = field(data, "channel", str, where)
    return Step(channel, tuple(_read_edit(edit, f"edit {n} of {where}") for n, edit in items(data, "edits", where)))


def _read_edit(data: object, where: str) -> Edit:
    if isinstance(data, list) and [type(item) for item in data[:2]] == [int, int]:
        parts = [part for part in data[2:] if isinstance(part, str)]
        if parts and len(parts) == len(data) - 2:
            return Edit(data[0], data[1], "".join(parts))
    raise ValueError(f"not a plan: {where} is {short(data)}, but should be [start, end, text]")
