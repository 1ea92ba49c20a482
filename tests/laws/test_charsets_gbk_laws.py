"""Laws of every row of `mojifix.charsets.gbk`: forward against a slow reference, backward against forward."""

from functools import cache
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from walks import everywhere

from mojifix.charsets import Policy, covers
from mojifix.charsets.gbk import GBK

LOST = "\ufffd"
POLICIES = {policy.name: policy for policy in GBK}
DROPPING = [policy for policy in POLICIES.values() if policy.drops]
dropping = pytest.mark.parametrize("policy", DROPPING, ids=lambda policy: policy.name)
rows = pytest.mark.parametrize("policy", POLICIES.values(), ids=POLICIES)
quick = settings(max_examples=60, deadline=None, database=None)
thorough = settings(quick, max_examples=400)

# What the damage is about: whole characters cut out of their bytes, with spaces, line ends and quotes between; and
# bytes that sit on the edges of the tables.
CHINESE = st.text(
    st.sampled_from("一二三中文字编码乱的了是我们、。，；“”——…·「」〇㐀鿿丂龘é€ \u3000\n\t\"'?0aA{~\x7f\U0001f600"),
    max_size=12,
)
HAN = st.text(
    st.one_of(st.characters(min_codepoint=0x3000, max_codepoint=0x9FFF), st.sampled_from(' \n"A，：…')), max_size=9
)
EDGES = st.lists(
    st.sampled_from(
        bytes.fromhex("000a20223031353739 3f40417e7f 8081848f95a0 a1a2a3a4a6a8aaabafb0bc d6d7e3e4ef f4f7f8fafdfeff")
    ),
    max_size=12,
)
UTF8 = st.tuples(CHINESE, st.integers(0, 3), st.integers(0, 3)).map(
    lambda t: (s := t[0].encode())[t[1] : len(s) - t[2]]
)
DATA = st.one_of(st.binary(max_size=16), EDGES.map(bytes), UTF8)
GBK_TEXT = st.text(st.sampled_from("一二中文，。、·—“”…「」ABCabc 01\n\"'<>&;丂狛龘镕①ⅢαЖあア"), max_size=20)


# The reference: one byte at a time, from facts/decoders.md -----------------------------------------------------------


@cache
def other_holes() -> list[tuple[int, int]]:
    """The cells outside the user areas that GBK leaves empty, in order."""
    return [
        (a, b)
        for a in range(0x81, 0xFF)
        for b in range(0x40, 0xFF)
        if b != 0x7F and user_area(a, b) is None and not strict(bytes((a, b)), "gbk")
    ]


def strict(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return ""


def user_area(a: int, b: int) -> str | None:
    """AAA1-AFFE, F8A1-FEFE and A140-A7A0 are U+E000-E765."""
    if 0xAA <= a <= 0xAF and 0xA1 <= b <= 0xFE:
        return chr(0xE000 + 94 * (a - 0xAA) + b - 0xA1)
    if 0xF8 <= a <= 0xFE and 0xA1 <= b <= 0xFE:
        return chr(0xE234 + 94 * (a - 0xF8) + b - 0xA1)
    if 0xA1 <= a <= 0xA7 and 0x40 <= b <= 0xA0 and b != 0x7F:
        return chr(0xE4C6 + 96 * (a - 0xA1) + b - 0x40 - (b > 0x7F))
    return None


def cell(row: str, a: int, b: int) -> str:
    """The character of a pair, or nothing."""
    charset, program = row.split("/")
    pair = bytes((a, b))
    if not 0x81 <= a <= 0xFE or not (0x40 <= b <= 0x7E or 0x80 <= b <= 0xFE):
        return ""
    if charset == "gb2312":
        return strict(pair, "gb2312")
    if row == "gbk/java" and pair in (b"\xa2\xe3", b"\xa8\x92"):
        return "€" if a == 0xA2 else "\u2641"
    if program in ("whatwg", "iconv-lite", "go") and pair == b"\xa3\xa0":
        return "\u3000"
    if program in ("whatwg", "iconv-lite") and pair == b"\xa8\xbc":
        return "\u1e3f"
    if char := strict(pair, "gbk"):
        return char
    if charset == "cp936" or row == "gbk/java":
        return user_area(a, b) or chr(0xE766 + other_holes().index((a, b)))
    if charset == "gb18030" or program in ("whatwg", "iconv-lite", "go"):
        char = strict(pair, "gb18030")
        return char if program != "go" or not 0xE000 <= ord(char) < 0xF900 else ""
    return ""


def reference(row: str, data: bytes) -> list[tuple[str, int, bool]]:
    """The steps of a decoder: text, bytes taken, whether it is loss."""
    charset, program = row.split("/")
    if program == "cleaned":
        seen = reference("cp936/icu", data)
        return [("", size, True) if "\ue000" <= text <= "\uf8ff" else (text, size, lost) for text, size, lost in seen]
    mark = {"windows": "?", "cpython-ignore": "", "glibc": ""}.get(program, LOST)
    steps: list[tuple[str, int, bool]] = []
    i = 0
    while i < len(data):
        a, rest = data[i], data[i + 1 :]
        b = rest[0] if rest else None
        single = {} if "cpython" in program or row in ("gbk/java", "gb2312/java") else {0x80: "€"}
        if row in ("cp936/icu", "cp936/windows", "cp936/windows-fffd"):
            single[0xFF] = "\uf8f5"
        if a < 0x80 or a in single:
            step = (single.get(a, chr(a)), 1, False)
        elif row == "gb18030/cpython" and len(rest) in (1, 2) and 0x30 <= rest[0] <= 0x39:
            step = (mark, 1 + len(rest), True)  # even after 80 or FF
        elif a in (0x80, 0xFF) or b is None:
            step = (mark, 1, True)
        elif char := cell(row, a, b):
            step = (char, 2, False)
        elif (charset == "gb18030" or program == "whatwg") and 0x30 <= b <= 0x39:
            step = four(row, data[i : i + 4])
        else:
            step = (mark, 2 if together(row, a, b) else 1, True)
        steps.append(step)
        i += step[1]
    return steps


def four(row: str, head: bytes) -> tuple[str, int, bool]:
    """A lead, a digit, a lead and a digit; what is unfinished at the end is one mark."""
    if len(head) < 4:
        whole = len(head) == 2 or 0x81 <= head[2] <= 0xFE
        return LOST, len(head) if whole else 1, True
    if row.endswith("whatwg") and head == b"\x81\x35\xf4\x37":
        return "\ue7c7", 4, False
    char = strict(head, "gb18030")
    return (char, 4, False) if len(char) == 1 else (LOST, 1, True)


def together(row: str, a: int, b: int) -> bool:
    """Whether a lead and the byte it does not fit are lost together."""
    program = row.split("/")[1]
    if row == "gb2312/java":
        return (0xA1 <= a <= 0xA9 or 0xB0 <= a <= 0xF7) and (0x80 <= b <= 0xA0 or 0xAA <= b <= 0xAF or b >= 0xF8)
    if program == "glibc":
        return b >= 0x40 and not (a == 0xFE and 0xA1 <= b <= 0xFE)
    if program == "go":
        return 0x40 <= b <= 0xFE and b != 0x7F
    return program.startswith("windows") or (program in ("whatwg", "java") and b == 0xFF)


# The laws -------------------------------------------------------------------------------------------------------------


@rows
@given(DATA)
@quick
def test_decode_is_the_reference(policy: Policy, data: bytes) -> None:
    assert policy.decode(data) == "".join(text for text, _, _ in reference(policy.name, data))


@pytest.mark.parametrize(
    ("row", "codec", "errors"),
    [
        ("gbk/cpython", "gbk", "replace"),
        ("gbk/cpython-ignore", "gbk", "ignore"),
        ("gb2312/cpython", "gb2312", "replace"),
        ("gb18030/cpython", "gb18030", "replace"),
    ],
)
@given(DATA)
@thorough
def test_cpython_rows_are_cpython(row: str, codec: str, errors: str, data: bytes) -> None:
    assert POLICIES[row].decode(data) == data.decode(codec, errors)
    text = data.decode("utf-8", errors)
    assert POLICIES[row].encode(text) == text.encode(codec, errors)


@rows
def test_decode_is_the_reference_on_every_pair(policy: Policy) -> None:
    for a in range(0x80, 0x100):
        for b in range(0x100):
            data = bytes((a, b, 0x41))
            assert policy.decode(data) == "".join(text for text, _, _ in reference(policy.name, data)), data.hex()


@rows
@given(DATA)
@quick
def test_the_pattern_covers_what_was_read(policy: Policy, data: bytes) -> None:
    if policy.drops:
        losses = "".join("-" if lost else "c" for _, _, lost in reference(policy.name, data))
        assume("---" not in losses)
    assert covers(policy.pattern(policy.decode(data), broken=everywhere), data)


@dropping
@given(HAN, st.integers(0, 2))
@thorough
def test_no_more_is_dropped_from_chinese_than_a_gap_holds(policy: Policy, text: str, left: int) -> None:
    data = text.encode()[left:]
    assert covers(policy.pattern(policy.decode(data), broken=everywhere), data)


@dropping
@given(DATA)
@quick
def test_a_dropping_row_gives_one_run_unless_asked(policy: Policy, data: bytes) -> None:
    text = policy.decode(data)
    assume(not policy.mark or policy.mark not in text)
    pattern = policy.pattern(text)
    assert len(pattern) == (text != "")
    assert all(isinstance(run, bytes) and policy.decode(run) == text for run in pattern)


@rows
@given(GBK_TEXT)
@quick
def test_text_without_loss_is_one_run_and_comes_back(policy: Policy, text: str) -> None:
    text = policy.decode(policy.encode(text).replace(b"?", b"")) if policy.codec == "gb2312" else text
    assume(not policy.mark or policy.mark not in text)
    data = policy.encode(text)
    assert policy.decode(data) == text
    assert policy.pattern(text) == ([data] if text else [])


@rows
@given(DATA, st.randoms(use_true_random=False))
@quick
def test_a_pattern_without_neighbouring_marks_has_no_other_members(policy: Policy, data: bytes, random) -> None:  # type: ignore[no-untyped-def]
    """Tight: any member reads as the text, where neither two holes meet nor a digit could begin a four-byte form."""
    text = policy.decode(data)
    pattern = policy.pattern(text)
    holes = [not isinstance(item, bytes) for item in pattern]
    assume(not any(a and b for a, b in pairwise(holes)))
    assume(not policy.tail or not any(digit in text for digit in "0123456789"))
    chosen = (
        item if isinstance(item, bytes) else bytes(random.choice(known) for known in random.choice(item))
        for item in pattern
    )
    assert policy.decode(b"".join(chosen)) == text


@rows
@given(
    st.text(
        st.one_of(st.characters(), st.sampled_from("一€?\u3000\ufffd\ue000\uf8f5\ue7c7\u1e3f\ue5e5\ud800")), max_size=8
    )
)
@quick
def test_any_text_can_be_written_and_has_a_pattern_or_says_where_not(policy: Policy, text: str) -> None:
    policy.decode(policy.encode(text))
    try:
        pattern = policy.pattern(text)
    except UnicodeEncodeError as error:
        assert error.object == text and 0 <= error.start < error.end <= len(text)
    else:
        for item, following in zip(pattern, [*pattern[1:], None], strict=False):
            assert item and not (isinstance(item, bytes) and isinstance(following, bytes))
            if not isinstance(item, bytes):
                assert all(known == bytes(sorted(set(known))) != b"" for sets in item for known in sets)
