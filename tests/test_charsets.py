"""The facts that the rows of `mojifix.charsets.gbk` rest on, cell by cell, and what the stdlib must keep doing."""

import copy
import hashlib
import pickle

import pytest
from walks import everywhere

from mojifix.charsets import ANY, CHARSETS, LEADS, covers
from mojifix.charsets.gbk import GBK

LOST = "\ufffd"
POLICIES = {policy.name: policy for policy in GBK}
EACH = bytes(range(0x80, 0x100))
NO_TRAIL = bytes((*range(0x40), 0x7F, 0xFF))

# facts/decoders.md, one line per row, with L = D6: what becomes of L space, L line end, L quote, L 7F, L FF, a lone L,
# 80, FF, AAA1, F8A1, A140, A2AB, A6D9, D7FA, FE51 and A2E3. `#` is the mark; a space is the byte 20.
COLUMNS = "d620 d60a d622 d67f d6ff d6 80 ff aaa1 f8a1 a140 a2ab a6d9 d7fa fe51 a2e3"
PUA = "\ue000 \ue234 \ue4c6 \ue766 \ue78d \ue810 \ue816"
KEEP = '#_ #\n #" #\x7f'
FACTS = {
    "gbk/cpython": f"{KEEP} ## # # # ## ## #@ ## ## ## #Q ##",
    "gbk/cpython-ignore": '_ \n " \x7f - - - - - - @ - - - Q -',
    "gb2312/cpython": f"{KEEP} ## # # # ## ## #@ ## ## ## #Q ##",
    "gb18030/cpython": f"{KEEP} ## # # # {PUA} €",
    "gbk/whatwg": f"{KEEP} # # € # {PUA} €",
    "gb18030/whatwg": f"{KEEP} # # € # {PUA} €",
    "cp936/icu": f"{KEEP} #\uf8f5 # € \uf8f5 {PUA} \ue76c",
    "cp936/cleaned": f"{KEEP} # # € - - - - - - - - -",
    "gbk/java": f"{KEEP} # # # # {PUA} €",
    "cp936/java": f"{KEEP} # # € # {PUA} \ue76c",
    "gb2312/java": f"{KEEP} # # # # ## ## #@ # ## # #Q ##",
    "gbk/go": f"{KEEP} ## # € # # # # # # # # €",
    "gbk/iconv-lite": f"{KEEP} ## # € # {PUA} €",
    "cp936/windows": f"# # # # # # € \uf8f5 {PUA} \ue76c",
    "cp936/windows-fffd": f"# # # # # # € \uf8f5 {PUA} \ue76c",
    "gbk/glibc": '_ \n " - - - € - - - - - - - - -',
}


def test_every_row_has_its_facts() -> None:
    assert list(FACTS) == list(POLICIES) == [policy.name for policy in POLICIES.values()]


@pytest.mark.parametrize(
    ("row", "data", "expected"),
    [
        (row, bytes.fromhex(data), cell.replace("-", "").replace("_", " ").replace("#", POLICIES[row].mark))
        for row, line in FACTS.items()
        for data, cell in zip(COLUMNS.split(" "), line.split(" "), strict=True)
    ],
)
def test_facts(row: str, data: bytes, expected: str) -> None:
    assert POLICIES[row].decode(data) == expected
    assert POLICIES[row].decode("汉字\n".encode("gbk") + data) == "汉字\n" + expected


@pytest.mark.parametrize(
    ("rows", "data", "expected"),
    [
        # A lead and a letter is a valid pair in every GBK: 中 + A, and a BOM before a letter.
        ("gbk gb18030 cp936", "中A".encode(), "涓瑼"),
        ("gbk gb18030 cp936", "\ufeffA".encode(), "锘緼"),
        # ... but not where GB2312 has no such trails.
        ("gb2312", b"\xd6A", LOST + "A"),
        # The same bytes are two texts.
        ("gbk gb18030 cp936", b"\xa1\xa4\xa1\xaa", "\u00b7\u2014"),
        ("gb2312", b"\xa1\xa4\xa1\xaa", "\u30fb\u2015"),
        # Four-byte forms, and what is left of them at the end.
        ("gb18030 gbk/whatwg", "㐀A".encode("gb18030"), "㐀A"),
        ("gbk/cpython gbk/java gbk/iconv-lite", b"\xd60\xd60", f"{LOST}0{LOST}0"),
        *[("gb18030/cpython", end, LOST) for end in (b"\xd60", b"\xd60 ", b"\x800", b"\xff0\n")],
        ("gb18030/cpython", b"\xd60\xd6 ", f"{LOST}0{LOST} "),
        ("gb18030/whatwg gbk/whatwg", b"\xd60", LOST),
        ("gb18030/whatwg gbk/whatwg", b"\xd60\xd6", LOST),
        ("gb18030/whatwg gbk/whatwg", b"\xd60A", f"{LOST}0A"),
        ("gb18030", b"\x84\x31\xa4\x37", LOST),
        # What the WHATWG index has.
        ("gb18030/whatwg gbk/whatwg gbk/iconv-lite", b"\xa3\xa0\xa8\xbc", "\u3000\u1e3f"),
        ("gb18030/whatwg gbk/whatwg", b"\x81\x35\xf4\x37", "\ue7c7"),
        ("gb18030/cpython", b"\xa3\xa0\xa8\xbc", "\ue5e5\ue7c7"),
    ],
)
def test_notes(rows: str, data: bytes, expected: str) -> None:
    wanted = {*rows.split()}
    found = {name: policy.decode(data) for name, policy in POLICIES.items() if {name, name.split("/")[0]} & wanted}
    assert found and found == dict.fromkeys(found, expected)


@pytest.mark.parametrize(
    ("row", "digest"),
    [
        ("cp936/icu", "dcc59e9139c8545c"),  # Node 20.20.2 TextDecoder("gbk")
        ("gbk/java", "81a4d9a474e0651b"),  # OpenJDK 17.0.15 GBK
        ("cp936/java", "9dbf69ac27c94a1a"),  # ... x-mswin-936
        ("gb2312/java", "bb10ccc8d06212f8"),  # ... GB2312
        ("cp936/windows", "bd382aabeec972d7"),  # PHP 8.2.32 mb_convert_encoding from CP936
        ("gbk/iconv-lite", "2293715fc278d386"),  # iconv-lite 0.7.2
    ],
)
def test_all_pairs_as_the_program_reads_them(row: str, digest: str) -> None:
    """The digest is of the program's own output: every byte from 80 alone, every pair alone, every pair before AAA."""
    heads = (head for a in EACH for head in (bytes((a,)), *(bytes((a, b)) + end for b in ANY for end in (b"", b"AAA"))))
    texts = "\n".join(map(POLICIES[row].decode, heads))
    assert hashlib.sha256(texts.encode()).hexdigest().startswith(digest)


# facts/decoders.md, 2.1: U+FFFD, the euro, U+E000, U+F8F5.
@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("gbk/cpython", [b"?", b"?", b"?", b"?"]),
        ("gbk/cpython-ignore", [b"", b"", b"", b""]),
        ("gb18030/cpython", [b"\x84\x31\xa4\x37", b"\xa2\xe3", b"\xaa\xa1", "\uf8f5".encode("gb18030")]),
        ("gb18030/whatwg", [b"\x84\x31\xa4\x37", b"\xa2\xe3", b"\xaa\xa1", "\uf8f5".encode("gb18030")]),
        ("gbk/whatwg", [b"&#65533;", b"\x80", b"\xaa\xa1", b"&#63733;"]),
        ("gbk/java", [b"?", b"\xa2\xe3", b"\xaa\xa1", b"?"]),
        ("cp936/java", [b"?", b"\x80", b"\xaa\xa1", b"?"]),
        ("cp936/icu", [b"?", b"\x80", b"\xaa\xa1", b"\xff"]),
        ("cp936/windows", [b"?", b"\x80", b"\xaa\xa1", b"\xff"]),
        ("gbk/iconv-lite", [b"?", b"\x80", b"\xaa\xa1", b"?"]),
        ("gbk/glibc", [b"", b"\x80", b"", b""]),
    ],
)
def test_encoders(row: str, expected: list[bytes]) -> None:
    policy = POLICIES[row]
    assert [policy.encode(char) for char in (LOST, "€", "\ue000", "\uf8f5")] == expected
    assert policy.encode("中A\n") == b"\xd6\xd0A\n"
    if not policy.wide:
        assert policy.encode("ñ\U0001f600\u3447") == b"".join(policy.encode(char) for char in "ñ\U0001f600\u3447")


def test_browser_forms_write_references() -> None:
    assert POLICIES["gbk/whatwg"].encode("ñ한\U0001f600\ue5e5") == b"&#241;&#54620;&#128512;&#58853;"
    assert POLICIES["gb18030/whatwg"].encode("\u1e3f\ue7c7") == b"\xa8\xbc\x81\x35\xf4\x37"


# Backward -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row, policy in POLICIES.items() if policy.mark == LOST and not policy.drops])
def test_a_mark_is_exactly_the_bytes_lost_before_the_next(row: str) -> None:
    policy = POLICIES[row]
    for n in b"\n 9A~\x7f" if not policy.tail else b"\n /A~\x7f":
        tail = bytes((n,))
        alone = {bytes((a,)) for a in EACH if policy.decode(bytes((a,)) + tail) == LOST + chr(n)}
        tries = [bytes((a, b)) for a in EACH for b in ANY] if n in b" A" else []
        pairs = {pair for pair in tries if policy.decode(pair + tail) == LOST + chr(n)}
        forms = alone | pairs | {form for form in [LOST.encode("gb18030")] if policy.decode(form) == LOST}
        if forms:
            pattern = policy.pattern(LOST + chr(n))
            for form in [*(bytes((a,)) for a in EACH), *tries[::7]]:
                assert covers(pattern, form + tail) == (form in forms), form.hex()
        elif tries:
            with pytest.raises(UnicodeEncodeError):
                policy.pattern(LOST + chr(n))


@pytest.mark.parametrize(
    ("row", "text", "pattern"),
    [
        ("gbk/cpython", "", []),
        ("gbk/cpython", "涓\ufffd ", [b"\xe4\xb8", ((EACH,),), b" "]),
        ("gbk/cpython", "涓瑼", [b"\xe4\xb8\xadA"]),
        ("cp936/icu", "涓€\uf8f5\ue000", [b"\xe4\xb8\x80\xff\xaa\xa1"]),
        ("cp936/icu", "\ufffd\n", [((LEADS,),), b"\n"]),
        ("cp936/icu", "鈥\ufffd", [b"\xe2\x80", ((LEADS,),)]),
        ("cp936/windows", "鈥?list", [b"\xe2\x80", ((b"?",), (LEADS, NO_TRAIL)), b"list"]),
        ("cp936/windows", "a?", [b"a", ((b"?",), (LEADS,), (LEADS, NO_TRAIL))]),
        ("cp936/windows-fffd", "a?\ufffda", [b"a?", ((LEADS, NO_TRAIL),), b"a"]),
        ("gbk/java", "€\u2641", [b"\xa2\xe3\xa8\x92"]),
        ("cp936/java", "\ufffda", [((b"\xff",), (LEADS, b"\xff")), b"a"]),
        ("gbk/whatwg", "\u3000", [((b"\xa1", b"\xa1"), (b"\xa3", b"\xa0"))]),
        ("gb18030/cpython", "\ufffda", [((b"\x84", b"\x31", b"\xa4", b"\x37"), (b"\x80\xff",)), b"a"]),
        ("gbk/cpython-ignore", "涓 ", [b"\xe4\xb8 "]),
    ],
)
def test_pattern(row: str, text: str, pattern: list[object]) -> None:
    assert POLICIES[row].pattern(text) == pattern


@pytest.mark.parametrize(
    ("row", "text", "at"),
    [
        ("gbk/cpython", "中文€", 2),
        ("gbk/cpython", "中\ue000", 1),
        ("gb2312/cpython", "中\u9555", 1),
        ("gbk/java", "中\ufffd文\u2295", 3),
        ("cp936/icu", "中\ufffdA", 1),  # D6 41 is a character
        ("cp936/icu", "中\ufffd\ufffd\n", 1),  # and so is D6 before any lead
        ("cp936/windows", "a\ufffd", 1),
        ("gbk/whatwg", "a\ue5e5", 1),
        ("gb18030/cpython", "a\ud800", 1),
    ],
)
def test_what_can_not_come_out_says_where(row: str, text: str, at: int) -> None:
    with pytest.raises(UnicodeEncodeError) as raised:
        POLICIES[row].pattern(text)
    assert (raised.value.object, raised.value.start) == (text, at)


def test_lost_holes_of_a_dropping_row() -> None:
    policy = POLICIES["gbk/cpython-ignore"]
    data = "一 二。\n".encode()
    text = policy.decode(data)
    assert covers(policy.pattern(text, broken=everywhere), data) and not covers(policy.pattern(text), data)
    assert covers(policy.pattern(text, broken=CHARSETS["utf-8"].broken), data)
    assert len(policy.pattern("汉字", broken=everywhere)) == 5
    assert POLICIES["gbk/cpython"].pattern("汉字", broken=everywhere) == POLICIES["gbk/cpython"].pattern("汉字")


def test_a_row_travels_by_name() -> None:
    policy = POLICIES["gbk/go"]
    assert pickle.loads(pickle.dumps(policy)) is copy.deepcopy(policy) is policy


# What the rows take from the standard library -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codec", "data", "expected"),
    [
        *[
            (codec, bytes.fromhex(cell), LOST + LOST)
            for codec in ("gbk", "gb2312")
            for cell in ("aaa1", "a2e3", "a6d9")
        ],
        *[(codec, single, LOST) for codec in ("gbk", "gb2312", "gb18030") for single in (b"\x80", b"\xff", b"\xd6")],
        ("gb18030", b"\xaa\xa1\xa1\x40\xa2\xab\xa2\xe3", "\ue000\ue4c6\ue766€"),
        # Not the mapping of GB18030-2022.
        ("gb18030", b"\xa6\xd9\xfe\x51\xfe\x59\xa8\xbc\xa3\xa0", "\ue78d\ue816\ue81e\ue7c7\ue5e5"),
        ("gb18030", b"\x81\x35\xf4\x37\x84\x31\xa4\x37\xe3\x32\x9a\x35", "\u1e3f\ufffd\U0010ffff"),
        ("gb18030", b"\xe3\x32\x9a\x36  ", f"{LOST}2{LOST}6  "),
        ("gbk", b"\xa1\xa4\xa1\xaa\xa8\x92", "\u00b7\u2014\u2295"),
        ("gb2312", b"\xa1\xa4\xa1\xaa", "\u30fb\u2015"),
    ],
)
def test_stdlib_decoders(codec: str, data: bytes, expected: str) -> None:
    assert data.decode(codec, "replace") == expected


@pytest.mark.parametrize(("codec", "size"), [("gbk", 21_919), ("gb2312", 7_573), ("gb18030", 0x10FFFF + 1 - 0x800)])
def test_stdlib_codecs_are_one_to_one(codec: str, size: int) -> None:
    """`pattern` writes known runs with the codec that read them: what it writes must be the only form."""
    whole = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x110000))))
    data = whole.encode(codec, "ignore")
    text = data.decode(codec)
    assert len(text) == size and len(set(text)) == size


def test_stdlib_gbk_and_gb18030_agree() -> None:
    cells = [bytes((a, b)) for a in LEADS for b in ANY if b not in NO_TRAIL]
    both = [(cell.decode("gbk", "replace"), cell.decode("gb18030")) for cell in cells]
    assert len(both) == 23_940
    assert all(old == new for old, new in both if LOST not in old)
    assert sum(LOST in old for old, _ in both) == 2_149


@pytest.mark.parametrize("char", ["€", "\ue000", "\uf8f5", "\ufffd", "ñ", "\u30fb", "\u3400"])
def test_stdlib_gbk_lacks(char: str) -> None:
    assert char.encode("gbk", "replace") == b"?"


def test_stdlib_gb18030_writes_the_cells() -> None:
    assert "\ue000\ue4c6€\ue5e5".encode("gb18030") == b"\xaa\xa1\xa1\x40\xa2\xe3\xa3\xa0"
    assert "\ufffd".encode("gb18030") == b"\x84\x31\xa4\x37"
