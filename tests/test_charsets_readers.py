"""What the readers beyond GBK do, as the programs did it, and what their patterns say."""

from __future__ import annotations

import hashlib

import pytest

from mojifix.charsets import ANY, CHARSETS, POLICIES, Arcs, covers
from mojifix.charsets.pattern import hole, sets_of

LOST = "\ufffd"


def digest(row: str) -> str:
    """Of every byte from 80 alone, every pair alone, and every pair before AAA."""
    heads = (
        head
        for a in range(0x80, 0x100)
        for head in (bytes((a,)), *(bytes((a, b)) + end for b in ANY for end in (b"", b"AAA")))
    )
    return hashlib.sha256("\n".join(map(POLICIES[row].decode, heads)).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("shift_jis/whatwg", "4ad378ed8fb10a36"),  # @exodus/bytes 1, TextDecoder("shift_jis")
        ("euc-kr/whatwg", "2336a17ced01129f"),  # ... TextDecoder("euc-kr")
        ("cp932/java", "791e1f2ca933c01e"),  # OpenJDK 17.0.15 windows-31j
        ("cp949/java", "0acc9e45fb46936c"),  # ... x-windows-949
        ("cp949/cpython", "2c04a43944ab570f"),  # iconv-lite 0.7.3 euc-kr
    ],
)
def test_all_pairs_as_the_program_reads_them(row: str, expected: str) -> None:
    """The digest is of the program's own output."""
    assert digest(row) == expected


@pytest.mark.parametrize(
    ("row", "codec"),
    [
        (f"{name}/cpython", name.replace("-", "_"))
        for name in ("big5", "cp950", "big5hkscs", "cp932", "shift_jis", "cp949", "euc-kr", "euc-jp")
    ],
)
def test_cpython_rows_are_cpython(row: str, codec: str) -> None:
    for a in range(0x80, 0x100):
        for b in ANY:
            for data in (bytes((a, b)), bytes((a, b)) + b"A1\n", b"\x8f" + bytes((a, b)), bytes((a, b)) * 5):
                assert POLICIES[row].decode(data) == data.decode(codec, "replace"), data.hex()


@pytest.mark.parametrize(
    ("row", "seen", "written"),
    [
        # EC-CUBE/ec-cube: the byte behind the lead is gone, and 80 leads.
        ("shift_jis/swallow", "縲�nbsp;", "〒&nbsp;"),
        ("shift_jis/swallow", "縲�input", "　<input"),
        ("shift_jis/swallow", "繝壹�繧ｸ", "ページ"),
        ("cp932/windows-fffd", "繝壹�繧ｸ", "ページ"),
        ("cp932/cpython", "髮ｻ隧ｱ逡ｪ蜿ｷ", "電話番号"),
        # The word for mojibake, as Windows shows it.
        ("cp932/windows", "譁・ｭ怜喧縺・", "文字化け\n"),
        ("cp1252/whatwg", "â€œä¸\xad", "“中"),
        ("utf-8/cut", "设��", "设置"),
        ("utf-8/cut", "更���'", "更新'"),
        ("utf-8/cut", "��</", "🔍</"),
        ("mended/cp936/windows", "用（幼儿�?小学", "用（幼儿园/小学"),
        ("mended/cp936/windows", "适合人群�?/strong>", "适合人群：</strong>"),
        ("mended/cp1252/cpython", "中文编�?，", "中文编码，"),
        ("mended/gbk/cpython", "�?文是", "中文是"),
        ("mended/gbk/whatwg", "中文�&#65533; 1", "中文字 1"),
        ("mended/gb18030/cpython", "编码〄1�7", "编码。"),
    ],
)
def test_damage_of_public_repositories(row: str, seen: str, written: str) -> None:
    assert covers(POLICIES[row].pattern(seen), written.encode())


@pytest.mark.parametrize(
    ("row", "seen"),
    [
        ("latin-1", "é中"),
        ("cp932/cpython", "中한"),
        ("cp1252/whatwg", "é\x80"),  # 80 is the euro
        ("cp932/cpython", "〜"),  # written so by CPython, never read
        ("utf-8/cut", f"中{LOST}文"),
        ("cp1252/mixed", "中文"),
    ],
)
def test_what_can_not_come_out(row: str, seen: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        POLICIES[row].pattern(seen)


def test_several_forms_are_alternatives() -> None:
    assert POLICIES["cp932/cpython"].pattern("∵") == [((b"\x81", b"\xe6"), (b"\x87", b"\x9a"), (b"\xfa", b"\x5b"))]


def test_texts_known_in_part() -> None:
    reader = POLICIES["gbk/cpython"]
    ways: Arcs = [[("ab", 1, 0.0, False)], [("cd", 2, 1.0, True), ("", 2, 2.0, False)], [("e", 3, 0.0, False)], []]
    assert reader.graph(ways).ways == (
        ((b"ab", 1, 0.0),),
        (((b"cd",), 2, 1.0), ((), 2, 2.0)),
        ((b"e", 3, 0.0),),
        (),
    )
    # A mark before alternatives is what is lost before one of their first bytes.
    before_cut = reader.graph([[(LOST, 1, 0.0, False)], [("\ufffd\n", 2, 0.0, True)], []]).ways[0]
    assert before_cut == (((ANY[0x80:],), 1, 0.0),)
    with pytest.raises(UnicodeEncodeError):
        reader.graph([[("a", 1, 0.0, False)], [("ñ한", 2, 0.0, True)], []])


def test_what_not_every_way_passes_is_not_known() -> None:
    ways: Arcs = [[("文", 2, 0.0, False), ("a", 1, 0.0, False)], [("b€", 2, 3.0, False)], [("c", 3, 0.0, False)], []]
    found = POLICIES["gbk/go"].graph(ways)
    assert [*found.runs] == [b"c"]
    assert all(covers(found, data) for data in (b"\xce\xc4c", b"ab\x80c", b"ab\xa2\xe3c"))
    assert not any(covers(found, data) for data in (b"abc", b"b\x80c", b"c"))


def test_thousands_of_alternatives_are_few_sequences() -> None:
    hanzi = [char for char in map(chr, range(0x4E00, 0xA000)) if char.encode("gb2312", "ignore")]
    ways, _ = POLICIES["gbk/cpython"].graph([[("".join(hanzi), 1, 0.0, True)], []]).ways
    assert len(hanzi) == 6763 and len(ways) < 8
    wide = hole(sets_of((a + b).encode("gbk")) for a in hanzi[::200] for b in hanzi[::67])
    assert len(wide) <= 1 << 10 and covers([wide], (hanzi[200] + hanzi[67]).encode("gbk"))


def test_a_mark_of_utf8_is_what_may_be_one_mark_there() -> None:
    reader = POLICIES["utf-8/whatwg"]
    (hole,) = reader.pattern(LOST)
    for form in ("d6", "a1", "ff", "c0", "e4", "e4b8", "f09f98", "efbfbd"):
        assert covers([hole], bytes.fromhex(form))
    for form in ("c080", "e0", "41", "e49a9f"):
        assert covers([hole], bytes.fromhex(form)) == (form == "e0")
    pattern = reader.pattern(LOST + "ļ", never=b"\x80\xff")
    assert covers(pattern, b"\xd6\xc4\xbc") and not covers(pattern, b"\xff\xc4\xbc")


def test_charsets_of_east_asia() -> None:
    assert CHARSETS["cp932"].known("ｶﾅ漢".encode("cp932") + b"\x81", 0) == ("ｶﾅ漢", 4)
    assert CHARSETS["euc-jp"].characters((b"\x8e", b"\xb6")) == "ｶ"
    assert CHARSETS["euc-jp"].lengths[0x8F] == 3 and CHARSETS["cp949"].never == b"\x80\xff"
    assert "嘅喺".encode(CHARSETS["big5"].codec)
