"""`mojifix report`: one HTML page, the damaged text beside the repaired one, to be looked at by a person."""

from __future__ import annotations

import argparse
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import accumulate
from pathlib import Path
from string import Template

import mojifix
from mojifix.cli.account import others
from mojifix.cli.changes import Finding, exact, findings
from mojifix.cli.files import label, opened, read
from mojifix.cli.kinds import kind
from mojifix.cli.replacing import Replacement
from mojifix.cli.saying import count, excerpt, percent, say, version, write
from mojifix.plan import Guess, Repair

TEMPLATE = Path(__file__).with_name("report.html")
#: lines without damage that are shown around one with damage
CONTEXT = 2
#: lines that are shown, so that a browser opens the page of any file, and guesses that are listed
MOST, LISTED = 5000, 200
#: probabilities from which a restored character has a colour: at 0.9, 99 % of them are right (benchmarks/RESULTS.md)
BANDS = {"sure": "at 99 % and more", "likely": "at 90 %", "doubt": "at 50 %", "weak": "at less"}
COLOURS = ((0.99, "sure"), (0.9, "likely"), (0.5, "doubt"), (0.0, "weak"))


@dataclass
class Row:
    """A line of the damaged text, and what it became; `number` counts from 1."""

    number: int
    changed: bool = False
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)


def run(args: argparse.Namespace) -> int:
    notes: list[str] = []
    with opened(args.file) as file:
        text = "".join(read(file, args.file, args.encoding, notes))
    say(*notes)
    page = report(label(args.file), text, mojifix.explain(text, guess=args.guess, script=args.script))
    data = page.encode()
    if args.output in (None, "-"):
        write(data)
    else:
        with Replacement(args.output) as out:
            out.write(data)
            out.commit()
    return 0


def report(name: str, source: str, repair: Repair) -> str:
    """The page."""
    found = [*findings(source, repair)]
    rows = [*_rows(source, repair, found)]
    changed = sum(row.changed for row in rows)
    lines = count(changed, "line") + (" is" if changed == 1 else " are")
    summary = f"{lines} damaged, of {len(rows):,}." if changed else "No damage found; the text is as it was."
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        version=escape(version()),
        name=_shown(name),
        summary=summary,
        kinds=_kinds(repair, found),
        rows="\n".join(_page(rows)),
        doubts=_doubts(source, repair),
    )


# The two texts


def _rows(source: str, repair: Repair, found: Sequence[Finding]) -> Iterator[Row]:
    row = Row(1)
    for before, after, at, why in _pieces(source, repair, found):
        if why is None:
            # What stayed has the same lines on both sides: there the rows end.
            lines = before.split("\n")
            for number, part in enumerate(lines):
                if number:
                    yield row
                    row = Row(row.number + 1)
                row.before.append(_shown(part))
                row.after.append(_guessed(part, at, repair.guesses))
                at += len(part) + 1
        else:
            row.changed = True
            row.before.append(f'<del data-say="{escape(why)}" tabindex="0">{_shown(before)}</del>')
            row.after.append(f"<ins>{_guessed(after, at, repair.guesses)}</ins>")
            if "\n" in before:
                yield row
                row = Row(row.number + before.count("\n"), changed=True)
    if any(row.before) or any(row.after) or row.number == 1:
        yield row


def _pieces(source: str, repair: Repair, found: Sequence[Finding]) -> Iterator[tuple[str, str, int, str | None]]:
    """Damaged and repaired text, where the latter begins, and what it went through; None where it stayed."""
    done = seen = 0
    starts = [one.start for one in found]
    # Of those that have begun, the one that reaches farthest.
    widest = [*accumulate(found, _wider)]
    for change in exact(source, repair):
        yield source[done : change.start], repair.text[seen : change.at], seen, None
        number = bisect_left(starts, change.start + 1) - 1
        inside = number >= 0 and change.end <= widest[number].end
        why = _why(widest[number]) if inside else "converted to another script"
        yield source[change.start : change.end], repair.text[change.at : change.until], change.at, why
        done, seen = change.end, change.until
    yield source[done:], repair.text[seen:], seen, None


def _wider(one: Finding, other: Finding) -> Finding:
    return other if other.end > one.end else one


def _why(found: Finding) -> str:
    sort = kind(found.channel)
    return f"{sort.name} ({found.channel}), {found.bits:.0f} bits of evidence"


def _page(rows: Sequence[Row]) -> Iterator[str]:
    """The rows with damage and those around them."""
    shown = {near for at, row in enumerate(rows) if row.changed for near in range(at - CONTEXT, at + CONTEXT + 1)}
    gap = written = 0
    for at, row in enumerate(rows):
        if at not in shown or written >= MOST:
            gap += 1
            continue
        if gap:
            yield f'<div class="gap">{count(gap, "line")} as before</div>'
        gap = 0
        written += 1
        same = "" if row.changed else " same"
        yield (
            f'<div class="row{same}" id="l{row.number}"><span class="n">{row.number}</span>'
            f'<div lang="zh">{"".join(row.before)}</div><div lang="zh">{"".join(row.after)}</div></div>'
        )
    if gap:
        more = "not shown: the page would be too long" if written >= MOST else "as before"
        yield f'<div class="gap">{count(gap, "line")} {more}</div>'


def _guessed(text: str, at: int, guesses: Sequence[Guess]) -> str:
    """A piece of the repaired text that begins at an offset, its restored characters marked."""
    parts, done = [], 0
    number = bisect_left(guesses, at, key=lambda guess: guess.start)
    while number < len(guesses) and guesses[number].start < at + len(text):
        guess = guesses[number]
        start, end = guess.start - at, guess.start - at + len(guess.text)
        say = escape(f"{guess.text} {percent(guess.probability)}{others(guess)}")
        parts.append(_shown(text[done:start]))
        parts.append(f'<b class="g {_colour(guess)}" data-say="{say}" tabindex="0">{_shown(text[start:end])}</b>')
        done = end
        number += 1
    return "".join([*parts, _shown(text[done:])])


def _colour(guess: Guess) -> str:
    return next(name for least, name in COLOURS if guess.probability >= least)


def _shown(text: str) -> str:
    """HTML of a text; what has no form of its own is its number, what was lost stands out."""
    if text.isprintable() and "\ufffd" not in text:
        return escape(text)
    return "".join(_form(char) for char in text)


def _form(char: str) -> str:
    if char == "\ufffd":
        return f'<span class="lost">{char}</span>'
    if char.isprintable() or char in "\n\t\u3000\xa0":
        return escape(char)
    return "" if char == "\r" else f'<span class="code">{ord(char):04X}</span>'


# What else is told


def _kinds(repair: Repair, found: Iterable[Finding]) -> str:
    """A table of the kinds of damage."""
    places: Counter[str] = Counter()
    bits: defaultdict[str, float] = defaultdict(float)
    channels: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for one in found:
        name = kind(one.channel).name
        places[name] += 1
        bits[name] = max(bits[name], one.bits)
        channels[name][one.channel] = None
    if not places:
        return ""
    lines = (
        f'<tr><td>{escape(name)}</td><td class="wide">{escape("; ".join(channels[name]))}</td>'
        f'<td class="num">{number:,}</td><td class="num">{bits[name]:.0f}</td></tr>'
        for name, number in places.most_common()
    )
    bands = Counter(_colour(guess) for guess in repair.guesses)
    told = [f"{count(bands.total(), 'character')} restored by guess"]
    told += [f"{bands[name]:,} {BANDS[name]}" for _, name in COLOURS if bands[name]]
    if lost := repair.text.count("\ufffd"):
        told.append(f"{lost:,} not restored")
    return (
        '<table><tr><th>kind</th><th class="wide">channel</th><th class="num">places</th>'
        f'<th class="num">bits</th></tr>{"".join(lines)}</table><p>{", ".join(told)}.</p>'
    )


def _doubts(source: str, repair: Repair) -> str:
    """The restored characters that are less than sure, the least first: what paper can not be asked about."""
    unsure = sorted((g for g in repair.guesses if g.probability < COLOURS[1][0]), key=lambda guess: guess.probability)
    lines = []
    for guess in unsure[:LISTED]:
        end = guess.start + len(guess.text)
        before, after = repair.text[max(0, guess.start - 8) : guess.start], repair.text[end : end + 8]
        word = f'<b class="g {_colour(guess)}">{_shown(excerpt(guess.text))}</b>'
        lines.append(
            f'<tr><td lang="zh">{_shown(excerpt(before))}{word}{_shown(excerpt(after))}</td>'
            f'<td class="num">{percent(guess.probability)}</td><td lang="zh">{escape(others(guess)[5:-1])}</td></tr>'
        )
    if not lines:
        return ""
    more = f"<p>and {len(unsure) - LISTED:,} more</p>" if len(unsure) > LISTED else ""
    return (
        '<h2>Least certain</h2><table class="doubts">'
        '<tr><th>restored</th><th class="num">probability</th><th>or</th></tr>'
        f"{''.join(lines)}</table>{more}"
    )
