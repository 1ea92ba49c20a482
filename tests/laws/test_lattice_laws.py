"""Laws of reading byte patterns, against a reader that tries every byte string."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from walks import contains, everywhere

from mojifix import lattice as lattice_room
from mojifix.charsets import CHARSETS, GBK, LOST, Hole, Pattern, Policy
from mojifix.lattice import CUT, UNKNOWN, UNREADABLE, Lattice, read

some = settings(max_examples=100, deadline=None, database=None)
few = settings(some, max_examples=50)


# The reference: every byte string, character by character ------------------------------------------------------------

Costs = dict[int, tuple[float, ...]]
Case = tuple[Pattern, Costs]


class Byte(NamedTuple):
    value: int
    item: int
    first: bool  # of its item
    last: bool
    lost: bool


def spellings(pattern: Pattern, costs: Costs) -> Iterator[tuple[list[Byte], float]]:
    """Every byte string that a pattern allows, and what its alternatives cost."""
    ways = []
    for number, item in enumerate(pattern):
        known = isinstance(item, bytes)
        alternatives = (tuple(bytes((byte,)) for byte in item),) if isinstance(item, bytes) else item
        bits = costs.get(number, (0.0,) * len(alternatives))
        ways.append(
            [
                ([Byte(v, number, not i, i == len(s) - 1, not known) for i, v in enumerate(s)], b)
                for sets, b in zip(alternatives, bits, strict=True)
                for s in product(*sets)
            ]
        )
    for way in product(*ways):
        yield [byte for data, _ in way for byte in data], sum(bits for _, bits in way)


def number_of_spellings(pattern: Pattern) -> int:
    total = 1
    for item in pattern:
        if not isinstance(item, bytes):
            total *= sum(len([*product(*sets)]) for sets in item)
    return total


def stays_unknown(found: Sequence[Byte], pattern: Pattern) -> bool:
    """Whether a pair has no known byte and does not stand alone between known ones."""
    if len(found) != 2 or not all(byte.lost for byte in found):
        return False
    before, behind = found[0].item - 1, found[-1].item + found[-1].last
    whole = found[0].first and found[-1].last
    known_before = before < 0 or isinstance(pattern[before], bytes)
    return not (whole and known_before and (behind == len(pattern) or isinstance(pattern[behind], bytes)))


def strictly(data: Sequence[Byte], pattern: Pattern, charset: str) -> tuple[str, float] | None:
    """The text of bytes and what its unknown characters cost; nothing where some bytes are no text."""
    known = CHARSETS[charset]
    at, parts = 0, []
    while at < len(data):
        found = data[at : at + (known.lengths[data[at].value] or 1)]
        at += len(found)
        if len(found) == known.lengths[found[0].value] and stays_unknown(found, pattern):
            if found[1].value not in known.trails:
                return None
            parts.append(LOST)
            continue
        try:
            parts.append(bytes(byte.value for byte in found).decode(known.codec))
        except UnicodeDecodeError:
            return None
    text = "".join(parts)
    return text, UNKNOWN * text.count(LOST)


def readings(pattern: Pattern, charset: str, costs: Costs) -> dict[str, float]:
    """Every text that a pattern can be, and the least that it costs."""
    found: dict[str, float] = {}
    for data, bits in spellings(pattern, costs):
        if read_back := strictly(data, pattern, charset):
            text, more = read_back
            found[text] = min(bits + more, found.get(text, bits + more))
    return found


def read_whole(lattice: Lattice) -> dict[str, float]:
    """Every text of a lattice in which no byte was unreadable, and the least that it costs."""
    reached: list[dict[str, float]] = [{} for _ in lattice.arcs]
    reached[0][""] = 0.0
    for node, ways in enumerate(lattice.arcs):
        for arc, to, bits, lost in ways:
            if bits >= UNREADABLE:
                continue
            for begun, sofar in reached[node].items():
                for piece in arc if lost else (arc,):
                    total = sofar + bits
                    reached[to][begun + piece] = min(total, reached[to].get(begun + piece, total))
    return reached[-1]


# Patterns: bytes on the edges of the charsets, and texts with parts cut out ------------------------------------------

EDGES = {
    "utf-8": bytes.fromhex("00 41 7f 80 98 9f a0 af bd bf c0 c2 c3 df e0 e6 ed ef f0 f4 f5 ff"),
    "gbk": bytes.fromhex("00 20 3f 40 41 7e 7f 80 81 a1 a2 a3 aa c4 e3 f8 fe ff"),
}


def alternatives(charset: str) -> st.SearchStrategy[tuple[bytes, ...]]:
    values = st.sets(st.sampled_from(EDGES[charset]), min_size=1, max_size=3)
    return st.lists(values.map(lambda found: bytes(sorted(found))), max_size=3).map(tuple)


def holes(charset: str) -> st.SearchStrategy[Hole]:
    return st.lists(alternatives(charset), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def edge_patterns(draw: st.DrawFn, charset: str) -> Pattern:
    run = st.lists(st.sampled_from(EDGES[charset]), min_size=1, max_size=4).map(bytes)
    return draw(st.lists(st.one_of(run, holes(charset)), max_size=4))


@st.composite
def cut_patterns(draw: st.DrawFn, charset: str) -> Pattern:
    """A text of which some bytes are not known: the pattern allows it, and more."""
    data = draw(st.text(st.sampled_from("是的天气。“é好a\n\u3000"), min_size=1, max_size=4)).encode(charset, "ignore")
    pattern: Pattern = []
    at = 0
    while at < len(data):
        size = draw(st.integers(1, 3))
        part, at = data[at : at + size], at + size
        if draw(st.booleans()):
            pattern.append(part)
            continue
        near = draw(st.sampled_from([0, 1, 2, 0x20]))
        truth = tuple(bytes({byte, byte ^ near}) for byte in part)
        pattern.append((truth, *(other for other in draw(holes(charset))[:2] if other != truth)))
    return pattern


@st.composite
def cases(draw: st.DrawFn, charset: str) -> Case:
    pattern = draw(st.one_of(edge_patterns(charset), cut_patterns(charset)))
    assume(number_of_spellings(pattern) <= 3000)
    bits = st.sampled_from([0.0, 0.25, 1.0, 2.5])
    costs = {
        number: tuple(draw(bits) for _ in item)
        for number, item in enumerate(pattern)
        if not isinstance(item, bytes) and draw(st.booleans())
    }
    return pattern, costs


def check_readings(case: Case, charset: str) -> None:
    """Of text that is not cut; what is cut off has a law of its own, here it costs too much to be looked at.

    Pairs stay unknown however few they may be: so few bytes are unknown here that no other would.
    """
    pattern, costs = case
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lattice_room, "CUT", 2 * UNREADABLE)
        patch.setattr(lattice_room, "MANY", (0, 256, 0, 6000, 6000))
        lattice = read(pattern, charset, costs, sparse=True)
    assert read_whole(lattice) == readings(pattern, charset, costs)


@some
@given(cases("utf-8"))
def test_every_reading_of_utf8_and_no_other(case: Case) -> None:
    check_readings(case, "utf-8")


@settings(some, phases=[Phase.explicit, Phase.generate])
@given(cases("gbk"))
def test_every_reading_of_gbk_and_no_other(case: Case) -> None:
    check_readings(case, "gbk")


@some
@given(st.sampled_from(["utf-8", "gbk"]).flatmap(lambda charset: st.tuples(st.just(charset), cases(charset))))
def test_the_shape_of_a_lattice(case: tuple[str, Case]) -> None:
    """Arcs lead onward, every node is reached, from every node there is a way to the end, and a sample takes one."""
    charset, (pattern, costs) = case
    lattice = read(pattern, charset, costs)
    last = len(lattice.arcs) - 1
    reached = {0}
    for node, ways in enumerate(lattice.arcs):
        assert node in reached
        assert bool(ways) == (node < last)
        for text, to, bits, lost in ways:
            assert node < to <= last
            assert bits >= 0
            assert text or not lost
            assert not lost or len(set(text)) == len(text)
            reached.add(to)
    assert lattice == read(pattern, charset, costs)
    assert isinstance(lattice.sample(), str)
    if lattice.readable():
        assert read_whole(lattice) or number_of_spellings(pattern) > 1


@some
@given(st.sampled_from(["utf-8", "gbk"]).flatmap(lambda charset: st.tuples(st.just(charset), cases(charset))))
def test_bytes_that_are_no_text_cost_and_are_marked(case: tuple[str, Case]) -> None:
    """What is cut off costs `CUT` at each end, a lost character `UNKNOWN`, a byte that is no text `UNREADABLE`."""
    charset, (pattern, _) = case
    for ways in read(pattern, charset).arcs:
        for text, _, bits, lost in ways:
            assert lost <= (LOST not in text)
            marks, ends = text.count(LOST), (0.0, CUT, 2 * CUT)
            assert bits in ends if not marks else bits in {marks * UNKNOWN + end for end in ends} | {UNREADABLE}
            assert bits < UNREADABLE or text == LOST or bits == 2 * CUT


@settings(some, max_examples=10)
@given(st.lists(st.sampled_from("aé是的天\u0800\uffff好"), min_size=1, max_size=4).map("".join), st.data())
def test_a_text_that_was_cut_is_read_with_all_that_may_have_stood_at_its_ends(text: str, data: st.DataObject) -> None:
    head = data.draw(st.integers(0, len(text[0].encode()) - 1))
    tail = data.draw(st.integers(0, len(text[-1].encode()) - 1))
    known = text.encode()[head : len(text.encode()) - tail]
    assume(known and (len(text) > 1 or not head or not tail))
    found = read_whole(read([known], "utf-8"))
    assert text in found
    for other, bits in found.items():
        ends = bits - UNKNOWN * other.count(LOST)
        assert known in other.encode() and ends in (0.0, CUT, 2 * CUT)
        before, _, behind = other.encode().partition(known)
        assert len(before) < 4 and len(behind) < 4 and (before or behind or not ends)


# What was written is among the readings ------------------------------------------------------------------------------

CHINESE = st.text(
    st.one_of(
        st.sampled_from("一二中文编码的了是我们，。、：；“”——…《》？！　\n \"'aA0<é€😀𠀀"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    ),
    max_size=10,
)
KEEPING = [row for row in GBK if not row.drops]
DROPPING = [row for row in GBK if row.drops]


@pytest.mark.parametrize("policy", KEEPING, ids=lambda policy: policy.name)
@few
@given(text=CHINESE)
def test_what_was_written_is_among_the_readings(policy: Policy, text: str) -> None:
    """gb2312 loses whole characters: those stay unknown."""
    lattice = read(policy.pattern(policy.decode(text.encode())), "utf-8")
    assert contains(lattice, text, unknown=policy.codec == "gb2312")


@pytest.mark.parametrize("policy", DROPPING, ids=lambda policy: policy.name)
@settings(few, max_examples=20)
@given(text=CHINESE.filter(lambda text: len(text) < 5))
def test_what_was_dropped_is_among_the_readings(policy: Policy, text: str) -> None:
    """Between holes a whole character may be unknown too."""
    lattice = read(policy.pattern(policy.decode(text.encode()), broken=everywhere), "utf-8")
    assert contains(lattice, text, unknown=True)


@pytest.mark.parametrize("policy", KEEPING, ids=lambda policy: policy.name)
@few
@given(text=CHINESE)
def test_gbk_text_is_among_its_readings(policy: Policy, text: str) -> None:
    """Text that GBK has, read by another GBK decoder."""
    data = text.encode("gbk", "ignore")
    lattice = read(policy.pattern(policy.decode(data)), "gbk")
    assert contains(lattice, data.decode("gbk"), unknown=policy.codec == "gb2312")
