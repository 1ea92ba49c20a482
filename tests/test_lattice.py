"""Byte lattices: what is read, where costs and marks of loss go, and that the time is linear."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from clock import linear
from walks import contains, everywhere

from mojifix.charsets import CHARSETS, GBK, LOST, Pattern, Policy
from mojifix.lattice import CUT, MOST_TEXTS, UNKNOWN, UNREADABLE, Lattice, read

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


@pytest.mark.parametrize("charset", CHARSETS)
def test_known_bytes_are_one_text(charset: str) -> None:
    text = {"cp949": "오늘\r\n날씨 very 좋다！"}.get(charset, "今天\r\n天空 very 高！")
    codec = CHARSETS[charset].codec
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
    assert texts([b"\xc4\xe3", ((b"\xba",), ()), b"\xc3!"], "gbk") == ["你好!"]


def test_nothing_may_have_stood_inside_a_character() -> None:
    gap = ((), (b"\x80",))
    assert set(texts([b"\xe6", gap, b"\x98", gap, b"\xaf"])) >= {"是"}
    assert not any(LOST in text for text in texts([b"\xe6", ((),), b"\x98\xaf"]))


def test_impossible_forms_are_not_read() -> None:
    for data in (b"\xc0\x80", b"\xe0\x80\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xff"):
        holes: Pattern = [b"a", *(((bytes((byte,)),),) for byte in data), b"b"]
        assert texts([b"a" + data + b"b"]) == texts(holes) == [f"a{LOST * len(data)}b"]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"\x81\x7f"),
        pytest.param(b"\xa2\x41"),
        pytest.param(b"\xaa\xa1"),
        b"\xff\x41",
        b"\x80\x41",
    ],
    ids=bytes.hex,
)
def test_cells_that_gbk_leaves_empty_are_not_read(data: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        data.decode("gbk")
    found = texts([b"a", ((data[:1], data[1:]),), b"b"], "gbk")
    assert found and all(LOST in text for text in found)
    known = texts([b"a" + data + b"b"], "gbk")
    assert known and all(LOST in text for text in known)


def test_known_bytes_are_not_lost_and_holes_are() -> None:
    arcs = read([b"a\xe6\x98", ((b"\x80\xaf",),), b"b"], "utf-8").arcs
    assert arcs == [[("a", 1, 0.0, False)], [("昀是", 2, 0.0, True)], [("b", 3, 0.0, False)], []]


def test_what_cannot_be_read_is_lost_and_costs() -> None:
    assert paths(read([b"a\xff\xe6!"], "utf-8")) == [(f"a{LOST}{LOST}!", 2 * UNREADABLE)]
    assert paths(read([b"\xc4\xe3\xff"], "gbk")) == [(f"你{LOST}", UNREADABLE)]
    assert paths(read([b"\xe6\x98!"], "utf-8")) == [(f"{LOST}{LOST}!", 2 * UNREADABLE)]
    assert paths(read([((b"\xff",),), b"!"], "utf-8", {0: (3.0,)})) == [(f"{LOST}!", UNREADABLE + 3)]


def test_costs_go_to_their_alternatives() -> None:
    hole = ((b"a",), (), (b"\xe6", b"\x98"), (b"b",))
    lattice = read([b"-", hole, b"\xaf"], "utf-8", {1: (1.0, 2.0, 4.0, 8.0)})
    assert sorted(paths(lattice)) == [("-是", 4.0), (f"-{LOST}", 2 + UNREADABLE)]


def test_costs_go_to_nothing_inside_a_character() -> None:
    pattern: Pattern = [b"\xe6", ((), (b"\x98",)), ((), (b"\x98",)), b"\xaf"]
    costs = {1: (1.0, 10.0), 2: (20.0, 30.0)}
    assert sorted(bits for text, bits in paths(read(pattern, "utf-8", costs)) if text == "是") == [30.0, 31.0]


def test_places_from_which_all_goes_on_alike_are_one() -> None:
    pattern: Pattern = [b"-", ((b"\xe6", b"\x98\x99"), (b"\xe7", b"\x98")), b"\xaf!"]
    assert read(pattern, "utf-8").arcs == [
        [("-", 1, 0.0, False)],
        [("是景瘯", 2, 0.0, True)],
        [("!", 3, 0.0, False)],
        [],
    ]


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


# What is cut off, and what stays unknown -----------------------------------------------------------------------------


def test_a_character_that_is_cut_in_two_is_all_that_it_may_have_been() -> None:
    behind = dict(paths(read([b"a\xe6\x98"], "utf-8")))
    assert behind == {"a" + char: CUT for char in CHARSETS["utf-8"].characters((b"\xe6", b"\x98", HIGH))}
    assert len(behind) == 64
    before = dict(paths(read([b"\x98\xafa"], "utf-8")))
    assert {text for text, bits in before.items() if bits < UNREADABLE} >= {"是a", "\U0001f62fa"}
    assert all(text.encode().endswith(b"\x98\xafa") for text, bits in before.items() if bits == CUT)
    assert {*before.values()} == {CUT}
    assert contains(read([b"\xaf\xe6"], "utf-8"), "是是")
    assert sorted(read([b"a\xc4"], "gbk").texts()) == sorted(
        "a" + char for char in CHARSETS["gbk"].characters((b"\xc4", bytes(range(0x40, 0xFF))))
    )


def test_where_no_byte_tells_a_first_from_a_second_nothing_is_cut_before_it() -> None:
    """What looks like the second byte of a pair may be the first."""
    assert texts([b"\xe3a"], "gbk") == ["鉧"]
    assert texts([b"\xe3!"], "gbk") == [f"{LOST}!"]


@pytest.mark.parametrize(
    ("charset", "known"), [("gbk", "天"), ("big5", "天"), ("cp932", "天"), ("cp949", "하"), ("euc-jp", "天")]
)
def test_pairs_of_which_no_byte_is_known_stay_unknown_in_their_number(charset: str, known: str) -> None:
    data = known.encode(CHARSETS[charset].codec)
    lead, trail = bytes(range(0xC0, 0xE0)), bytes(range(0xB0, 0xD0))
    if charset == "cp932":  # single bytes: half-width katakana
        lead = bytes(range(0x88, 0xA0))
    lost = ((lead,),), ((trail,),)
    lattice = read([data, *lost, *lost, data], charset, sparse=True)
    assert set(paths(lattice)) >= {(known + LOST * 2 + known, 2 * UNKNOWN)}
    alone = texts([data, ((lead, trail),), data], charset)
    assert len(alone) > 100 and not any(LOST in text for text in alone), "between known bytes it can be worked out"


def test_a_mark_that_was_written_is_itself() -> None:
    """U+FFFD in what was read is a character that somebody else has lost; it costs what an unknown one does."""
    assert paths(read(["a\ufffdb\ufffd".encode()], "utf-8")) == [("a\ufffdb\ufffd", 2 * UNKNOWN)]
    hole = tuple(bytes({byte}) for byte in LOST.encode())
    assert paths(read([b"a", (hole,), b"b"], "utf-8")) == [("a\ufffdb", UNKNOWN)]


# Asked as a whole ----------------------------------------------------------------------------------------------------


def test_a_lattice_is_readable_if_some_path_is() -> None:
    assert Lattice().readable() and Lattice.line("天").branch("气汽").readable()
    assert read([b"\xe6", ((b"\x98\xff",),), b"\xaf"], "utf-8").readable()
    assert read([b"a\xe6"], "utf-8").readable()  # cut off
    assert read([LOST.encode()], "utf-8").readable()
    assert not read([b"a\xffb"], "utf-8").readable()
    assert not read([b"a", ((b"\xff",), (b"\xfe",)), b"b"], "utf-8").readable()
    assert read([b"a", ((b"\xff",), ()), b"b"], "utf-8").readable()


def test_a_sample_is_what_all_texts_have() -> None:
    assert Lattice().sample() == ""
    assert Lattice.line("天").branch("气汽").then("好").sample() == f"天{LOST}好"
    assert read([b"a\xe6\x98", ((b"\x80\xaf",),), b"b"], "utf-8").sample() == f"a{LOST}b"
    around = Lattice(
        [[("a", 1, 0.0, False), ("b", 2, 0.0, False)], [("cd", 2, 0.0, False)], [("e", 3, 0.0, False)], []]
    )
    assert around.sample() == f"{LOST}e"


def test_what_another_program_has_shown_has_no_costs_of_unknown_characters_and_nothing_unreadable() -> None:
    lattice = read([b"a", ((b"\xff",), (b"b",)), LOST.encode()], "utf-8")
    assert lattice.seen() == [[("a", 1, 0.0, False)], [("b", 2, 0.0, True)], [(LOST, 3, 0.0, False)], []]
    many = "".join(map(chr, range(0x4E00, 0x4E00 + MOST_TEXTS)))
    assert [len(ways) for ways in Lattice.line("a").branch(many).branch(many + "x").seen()] == [1, 1, 0, 0]


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
@pytest.mark.parametrize("policy", [row for row in GBK if row.codec != "gb2312"], ids=lambda row: row.name)
def test_what_was_written_is_among_the_readings(policy: Policy, text: str) -> None:
    """Of the others `laws/test_recode_laws.py` says it, channel by channel."""
    pattern = policy.pattern(policy.decode(text.encode()), broken=everywhere)
    assert contains(read(pattern, "utf-8"), text)


# Time ----------------------------------------------------------------------------------------------------------------


def cpython_pattern(text: str) -> Pattern:
    policy = GBK[0]
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
    one, four = make(size), make(4 * size)
    assert linear(lambda: read(one, charset), lambda: read(four, charset))


@pytest.mark.parametrize("kind", [*LONG, "adjacent optional bytes"])
def test_size_is_linear(kind: str) -> None:
    charset, make, _ = LONG.get(kind, ("utf-8", lambda n: [b"\xe6", *[((), (b"\x80\x98\xaf",))] * n], 0))

    def size(n: int) -> int:
        return sum(1 + len(ways) for ways in read(make(n), charset).arcs)

    assert size(120) <= 2.5 * size(60) + 10
