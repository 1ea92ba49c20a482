"""Byte lattices: what is read, where costs and marks of loss go, and that the time is linear."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from walks import contains

from mojifix.charsets import LOST, POLICIES, Pattern
from mojifix.lattice import CHARSETS, UNREADABLE, Lattice, read

HIGH = bytes(range(0x80, 0x100))


def texts(pattern: Pattern, charset: str = "utf-8") -> list[str]:
    return sorted(read(pattern, charset).texts())


def paths(lattice: Lattice, node: int = 0) -> list[tuple[str, float]]:
    """Every path with its cost."""
    if node == len(lattice.arcs) - 1:
        return [("", 0.0)]
    return [
        (piece + rest, bits + more)
        for text, to, bits, lost in lattice.arcs[node]
        for rest, more in paths(lattice, to)
        for piece in (text if lost else (text,))
    ]


# Lattices of text ----------------------------------------------------------------------------------------------------


def test_lattices_made_of_text() -> None:
    assert list(Lattice().texts()) == [""]
    assert list(Lattice.line("天气").texts()) == ["天气"]
    lattice = Lattice.line("天").branch("气汽").then("好").branch("吗了")
    assert set(lattice.texts()) == {"天气好吗", "天气好了", "天汽好吗", "天汽好了"}
    assert sorted(lattice.texts()) == sorted(text for text, _ in paths(lattice))
    assert contains(lattice, "天汽好吗") and not contains(lattice, "天好吗") and not contains(lattice, "天汽好")


def test_building_one_lattice_leaves_others_alone() -> None:
    first, second = Lattice(), Lattice()
    first.then("天")
    assert list(second.texts()) == [""]


# Reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("charset", CHARSETS)
def test_nothing_is_the_empty_text(charset: str) -> None:
    assert texts([], charset) == [""]
    assert read([], charset).arcs == [[]]


@pytest.mark.parametrize(("charset", "codec"), [("utf-8", "utf-8"), ("gbk", "gbk")])
def test_known_bytes_are_one_text(charset: str, codec: str) -> None:
    text = "今天\r\n天气 very 好！"
    lattice = read([text.encode(codec)], charset)
    assert lattice.arcs == [[(text, 1, 0.0, False)], []]
    long = text * 2000  # more than is decoded at a time
    assert texts([long.encode(codec)], charset) == [long]


def test_characters_of_every_length() -> None:
    for text in ("a", "é", "是", "\U00020000", "\x00", "\x7f", "\ufffd", "\uffff", "\U0010ffff", "\ue000"):
        data = text.encode()
        assert texts([data]) == [text]
        assert text in texts([((*(bytes((byte,)) for byte in data),),)])
        for at in range(len(data)):
            known: Pattern = [part for part in (data[:at], ((bytes((data[at],)),),), data[at + 1 :]) if part]
            assert texts(known) == [text]


def test_a_hole_is_what_it_may_be() -> None:
    assert texts([b"\xe6\x98", ((b"\x80\xaf",),)]) == ["昀", "是"]
    assert texts([((b"\xe6", b"\x98"),), b"\xaf"]) == ["是"]  # over the end of the hole
    assert texts([((b"\xe6",), ()), b"ab"]) == ["ab"]
    assert texts([b"a", ((), (b"xy",), (b"\xc3", b"\xa9\xa8"))]) == ["a", "ax", "ay", "aè", "aé"]
    assert texts([b"\xc4\xe3", ((b"\xba",), ()), b"\xc3"], "gbk") == sorted(["你好", "你\ufffd"])


def test_nothing_may_have_stood_inside_a_character() -> None:
    gap = ((), (b"\x80",))
    assert set(texts([b"\xe6", gap, b"\x98", gap, b"\xaf"])) >= {"是"}
    assert not any(LOST in text for text in texts([b"\xe6", ((),), b"\x98\xaf"]))


def test_impossible_forms_are_not_read() -> None:
    for data in (b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff"):
        holes: Pattern = [((bytes((byte,)),),) for byte in data]
        assert texts([data]) == texts(holes) == [LOST * len(data)]


@pytest.mark.parametrize(
    "data",
    [
        b"\x81\x7f",
        b"\xa2\x41",
        b"\xaa\xa1",
        b"\xff\x41",
        b"\x80\x41",
    ],
)
def test_cells_that_gbk_leaves_empty_are_not_read(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        data.decode("gbk")
    assert all(LOST in text for text in texts([((data[:1], data[1:]),)], "gbk"))


def test_known_bytes_are_not_lost_and_holes_are() -> None:
    arcs = read([b"a\xe6\x98", ((b"\x80\xaf",),), b"b"], "utf-8").arcs
    assert arcs == [[("a", 1, 0.0, False)], [("昀是", 2, 0.0, True)], [("b", 3, 0.0, False)], []]


def test_what_cannot_be_read_is_lost_and_costs() -> None:
    assert paths(read([b"a\xff\xe6"], "utf-8")) == [(f"a{LOST}{LOST}", 2 * UNREADABLE)]
    assert paths(read([b"\xc4\xe3\xff"], "gbk")) == [(f"你{LOST}", UNREADABLE)]
    assert paths(read([b"\xe6\x98!"], "utf-8")) == [(f"{LOST}{LOST}!", 2 * UNREADABLE)]
    assert paths(read([((b"\xff",),), b"!"], "utf-8", {0: (3.0,)})) == [(f"{LOST}!", UNREADABLE + 3)]


def test_costs_go_to_their_alternatives() -> None:
    hole = ((b"a",), (), (b"\xe6", b"\x98"), (b"b",))
    lattice = read([hole, b"\xaf"], "utf-8", {0: (1.0, 2.0, 4.0, 8.0)})
    assert sorted(paths(lattice)) == sorted(
        [(f"a{LOST}", 1 + UNREADABLE), (LOST, 2 + UNREADABLE), ("是", 4.0), (f"b{LOST}", 8 + UNREADABLE)]
    )


def test_costs_go_to_nothing_inside_a_character() -> None:
    pattern: Pattern = [b"\xe6", ((), (b"\x98",)), ((), (b"\x98",)), b"\xaf"]
    costs = {1: (1.0, 10.0), 2: (100.0, 1000.0)}
    assert sorted(bits for text, bits in paths(read(pattern, "utf-8", costs)) if text == "是") == [110.0, 1001.0]


def test_costs_are_for_the_items_named() -> None:
    pattern: Pattern = [((b"a",), (b"b",)), b"-", ((b"a",), (b"b",))]
    assert sorted(paths(read(pattern, "utf-8", {2: (0.0, 5.0)}))) == [
        ("a-a", 0.0),
        ("a-b", 5.0),
        ("b-a", 0.0),
        ("b-b", 5.0),
    ]


@pytest.mark.parametrize("text", ["é", "是", "\U0001f600"])
def test_more_unknown_bytes_than_can_be_tried_leave_a_character_lost(text: str) -> None:
    lattice = read([((HIGH,),)] * len(text.encode()), "utf-8")
    assert contains(lattice, text) or any(arc == LOST for arc, _, _, _ in lattice.arcs[0])


# What a page shows is what was written -------------------------------------------------------------------------------

TEXTS = [
    "今天天气很好，我们去公园吧。",
    "“你好！”他说——然后就走了……",
    "第1章　开始：mojibake 是什么？",
    "價格：€25（特價）、100%正品！\r\n\t—— 謝謝光臨",
    "小猫《咪咪》·鱼〇é😀𠀀☆",
    "一。\n",
    "中",
    "",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("name", [name for name, policy in POLICIES.items() if not name.startswith("gb2312/")])
def test_what_was_written_is_among_the_readings(name: str, text: str) -> None:
    policy = POLICIES[name]
    pattern = policy.pattern(policy.decode(text.encode()), lost=policy.drops)
    assert contains(read(pattern, "utf-8"), text)


# Time ----------------------------------------------------------------------------------------------------------------


def times_longer(one: Pattern, four: Pattern, charset: str) -> float:
    """How many times as long it takes to read the second pattern."""
    seconds: tuple[list[float], list[float]] = [], []
    for _ in range(3):
        for pattern, found in zip((one, four), seconds, strict=True):
            begun = time.process_time()
            read(pattern, charset)
            found.append(time.process_time() - begun)
    return min(seconds[1]) / max(min(seconds[0]), 0.002)


def cpython_pattern(text: str) -> Pattern:
    policy = POLICIES["gbk/cpython"]
    return policy.pattern(policy.decode(text.encode()))


LONG: dict[str, tuple[str, Callable[[int], Pattern], int]] = {
    "known text": ("utf-8", lambda n: ["今天天气很好。".encode() * n], 40_000),
    "known gbk": ("gbk", lambda n: ["今天天气很好。a".encode("gbk") * n], 40_000),
    "one byte out of step": ("gbk", lambda n: [b"a" + b"\xff\xc4" * n], 1_500),
    "bad bytes": ("utf-8", lambda n: [b"\xff" * n], 2_500),
    "bad bytes of gbk": ("gbk", lambda n: [b"\xff" * n], 2_500),
    "leads without end": ("utf-8", lambda n: [b"\xf0" * n], 2_500),
    "bad bytes in text": ("utf-8", lambda n: ["天气".encode() * 20 + b"\xff"] * n, 800),
    "holes of cpython": ("utf-8", lambda n: cpython_pattern("一。今天很好。\n" * n), 200),
    "adjacent holes": ("utf-8", lambda n: [((b"a\xe6",), (b"\x98\xaf",))] * n, 600),
    "wide holes": ("gbk", lambda n: [((HIGH,), (HIGH, HIGH))] * n, 600),
    "optional bytes": ("utf-8", lambda n: [b"\xe6\x98", ((), (b"\x80\xaf",))] * n, 600),
}


@pytest.mark.parametrize("kind", LONG)
def test_time_is_linear(kind: str) -> None:
    charset, make, size = LONG[kind]
    assert times_longer(make(size), make(4 * size), charset) < 7.5  # 4, were nothing else going on; 16 if quadratic


@pytest.mark.parametrize("kind", [*LONG, "adjacent optional bytes"])
def test_size_is_linear(kind: str) -> None:
    charset, make, _ = LONG.get(kind, ("utf-8", lambda n: [b"\xe6", *[((), (b"\x80\x98\xaf",))] * n], 0))

    def size(n: int) -> int:
        return sum(1 + len(ways) for ways in read(make(n), charset).arcs)

    assert size(120) <= 2.5 * size(60) + 10
