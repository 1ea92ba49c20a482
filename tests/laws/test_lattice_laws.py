"""Laws of reading byte patterns, against a reader that tries every byte string."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from walks import contains

from mojifix.charsets import LOST, POLICIES, Hole, Pattern, Policy
from mojifix.lattice import UNREADABLE, Lattice, read

some = settings(max_examples=250, deadline=None, database=None)
few = settings(some, max_examples=50)


# The reference: every byte string, decoded strictly ------------------------------------------------------------------


def spellings(pattern: Pattern, costs: dict[int, tuple[float, ...]]) -> Iterator[tuple[bytes, float]]:
    """Every byte string that a pattern allows, and what its alternatives cost."""
    ways = []
    for number, item in enumerate(pattern):
        alternatives = (tuple(bytes((byte,)) for byte in item),) if isinstance(item, bytes) else item
        bits = costs.get(number, (0.0,) * len(alternatives))
        ways.append([(bytes(s), b) for sets, b in zip(alternatives, bits, strict=True) for s in product(*sets)])
    for way in product(*ways):
        yield b"".join(data for data, _ in way), sum(bits for _, bits in way)


def number_of_spellings(pattern: Pattern) -> int:
    total = 1
    for item in pattern:
        if not isinstance(item, bytes):
            total *= sum(len([*product(*sets)]) for sets in item)
    return total


def readings(pattern: Pattern, charset: str, costs: dict[int, tuple[float, ...]]) -> dict[str, float]:
    """Every text that a pattern can be, and the least that it costs."""
    found: dict[str, float] = {}
    for data, bits in spellings(pattern, costs):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        found[text] = min(bits, found.get(text, bits))
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
    "utf-8": bytes.fromhex("00 41 7f 80 98 9f a0 af bf c0 c2 c3 df e0 e6 ed ef f0 f4 f5 ff"),
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
def cases(draw: st.DrawFn, charset: str) -> tuple[Pattern, dict[int, tuple[float, ...]]]:
    pattern = draw(st.one_of(edge_patterns(charset), cut_patterns(charset)))
    assume(number_of_spellings(pattern) <= 3000)
    bits = st.sampled_from([0.0, 0.25, 1.0, 2.5])
    costs = {
        number: tuple(draw(bits) for _ in item)
        for number, item in enumerate(pattern)
        if not isinstance(item, bytes) and draw(st.booleans())
    }
    return pattern, costs


def check_readings(case: tuple[Pattern, dict[int, tuple[float, ...]]], charset: str) -> None:
    pattern, costs = case
    assert read_whole(read(pattern, charset, costs)) == readings(pattern, charset, costs)


@some
@given(cases("utf-8"))
def test_every_reading_of_utf8_and_no_other(case: tuple[Pattern, dict[int, tuple[float, ...]]]) -> None:
    check_readings(case, "utf-8")


@settings(some, phases=[Phase.explicit, Phase.generate])
@given(cases("gbk"))
def test_every_reading_of_gbk_and_no_other(case: tuple[Pattern, dict[int, tuple[float, ...]]]) -> None:
    check_readings(case, "gbk")


@some
@given(st.sampled_from(["utf-8", "gbk"]).flatmap(lambda charset: st.tuples(st.just(charset), cases(charset))))
def test_the_shape_of_a_lattice(case: tuple[str, tuple[Pattern, dict[int, tuple[float, ...]]]]) -> None:
    """Arcs lead onward, every node is reached, and from every node there is a way to the end."""
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


@some
@given(st.sampled_from(["utf-8", "gbk"]).flatmap(lambda charset: st.tuples(st.just(charset), cases(charset))))
def test_unreadable_bytes_cost_and_are_marked(
    case: tuple[str, tuple[Pattern, dict[int, tuple[float, ...]]]],
) -> None:
    charset, (pattern, _) = case
    for ways in read(pattern, charset).arcs:
        for text, _, bits, lost in ways:
            assert bits in (0.0, UNREADABLE)
            assert bits == 0.0 or (text == LOST and not lost)


# What was written is among the readings ------------------------------------------------------------------------------

CHINESE = st.text(
    st.one_of(
        st.sampled_from("一二中文编码的了是我们，。、：；“”——…《》？！　\n \"'aA0<é€😀𠀀"),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    ),
    max_size=10,
)
KEEPING = [policy for policy in POLICIES.values() if not policy.drops]
DROPPING = [policy for policy in POLICIES.values() if policy.drops]


@pytest.mark.parametrize("policy", KEEPING, ids=lambda policy: policy.name)
@few
@given(text=CHINESE)
def test_what_was_written_is_among_the_readings(policy: Policy, text: str) -> None:
    seen = policy.decode(text.encode())
    if policy.codec == "gb2312":  # whole characters are lost here, and a lost one may be too many: see MOST_SPELLINGS
        assume(2 * policy.mark not in seen)
    assert contains(read(policy.pattern(seen), "utf-8"), text)


@pytest.mark.parametrize("policy", DROPPING, ids=lambda policy: policy.name)
@settings(few, max_examples=20)
@given(text=CHINESE.filter(lambda text: len(text) < 5))
def test_what_was_dropped_is_among_the_readings(policy: Policy, text: str) -> None:
    assert contains(read(policy.pattern(policy.decode(text.encode()), lost=True), "utf-8"), text)


@pytest.mark.parametrize("policy", KEEPING, ids=lambda policy: policy.name)
@few
@given(text=CHINESE)
def test_gbk_text_is_among_its_readings(policy: Policy, text: str) -> None:
    """Text that GBK has, read by another GBK decoder."""
    data = text.encode("gbk", "ignore")
    seen = policy.decode(data)
    if policy.codec == "gb2312":
        assume(2 * policy.mark not in seen)
    assert contains(read(policy.pattern(seen), "gbk"), data.decode("gbk"))
