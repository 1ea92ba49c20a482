"""Laws of every reader of `mojifix.charsets`: whatever was read is among what the pattern allows."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mojifix.charsets import CHARSETS, POLICIES, Arc, Form, Mended, Policy, Reader, covers
from mojifix.charsets.mixed import Mixed
from mojifix.charsets.pattern import Hole, hole
from mojifix.charsets.tables import cells, twins
from mojifix.charsets.utf8 import MOST_MARKS, PIECE, Cut

LOST = "\ufffd"
KEEPING = [reader for reader in POLICIES.values() if not reader.drops]
FREE = [reader for reader in KEEPING if not isinstance(reader, Form | Mended | Cut | Mixed)]
ROWS = [reader for reader in FREE if isinstance(reader, Policy)]
MIXED = [reader for reader in KEEPING if isinstance(reader, Mixed)]
MENDED = [reader for reader in KEEPING if isinstance(reader, Mended)]
#: what is drawn is read by each reader: to draw takes longer than to read
quick = settings(max_examples=100, deadline=None, database=None)

EDGES = st.lists(
    st.sampled_from(
        bytes.fromhex(
            "000a2022303f40415b5c7e7f 80818285878e8f95979ca0 a1a2a4a5adb0bf"
            "c0c2c3c6c7c8c9d4d6df e0e3e4ebedef f0f4f9fcfdfeff"
        )
    ),
    max_size=12,
)
TEXT = st.text(
    st.one_of(
        st.sampled_from(
            "一二中文字编码亂雜的了是我们、。，；“”——…·「」〇㐀鿿丂é€ \u3000\n\"'?<0aAjя"
            "日本語のカナ한국어ｶﾅ①∵～−\U0001f600"
        ),
        st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    ),
    max_size=12,
)


def written(text: str) -> st.SearchStrategy[bytes]:
    return st.sampled_from([text.encode(charset.codec, "ignore") for charset in CHARSETS.values()])


DATA = st.one_of(st.binary(max_size=16), EDGES.map(bytes), TEXT.flatmap(written))


@given(DATA)
@quick
def test_any_bytes_can_be_read_and_any_text_written(data: bytes) -> None:
    for reader in KEEPING:
        assert isinstance(reader.decode(reader.encode(reader.decode(data))), str), reader.name


@given(DATA)
@quick
def test_the_pattern_covers_what_was_read(data: bytes) -> None:
    for reader in FREE:
        assert covers(reader.pattern(reader.decode(data)), data), reader.name


@given(TEXT)
@quick
def test_the_pattern_covers_utf8(text: str) -> None:
    data = text.encode()
    for reader in (*FREE, *MENDED, POLICIES["utf-8/cut"]):
        # The euro that A2 E3 are is written as 80, and another character is seen.
        if not isinstance(reader, Mended) or "€" not in reader.inner.decode(data):
            assert covers(reader.pattern(reader.decode(data)), data), reader.name


@given(TEXT, st.integers(0, 3), st.integers(0, 3))
@quick
def test_what_was_mended_may_have_been_cut(text: str, left: int, right: int) -> None:
    """A stump that no whole characters leave stays as it stands."""
    data = text.encode()[left:]
    for reader in MENDED:
        seen = reader.decode(data[: len(data) - right])
        if "€" not in seen:
            reader.pattern(seen)


@given(TEXT.map(lambda text: text * 5), st.integers(0, 3), st.integers(0, 3))
@quick
def test_a_cut_character_is_covered(text: str, left: int, right: int) -> None:
    reader = POLICIES["utf-8/cut"]
    data = text.encode()[left:]
    data = data[: len(data) - right]
    seen = reader.decode(data)
    assume(LOST * (MOST_MARKS + 1) not in seen)
    pattern = reader.pattern(seen)
    if not seen.startswith(LOST) and not seen.endswith(LOST):  # at an end nobody knows of it
        assert covers(pattern, data), PIECE


@given(DATA, st.lists(st.tuples(st.integers(0, 9), TEXT), max_size=3))
@quick
def test_a_graph_with_what_was_seen_covers_what_was_read(data: bytes, others: list[tuple[int, str]]) -> None:
    """Some characters are known only as one of several."""
    for reader in FREE:
        ways: list[list[Arc]] = [[(char, to, 0.0, False)] for to, char in enumerate(reader.decode(data), 1)]
        for at, more in others:
            if at < len(ways):
                ways[at].append((more, at + 1 + (at % 3 if at + 4 < len(ways) else 0), 1.0, at % 2 > 0))
        assert covers(reader.graph([*ways, []]), data), reader.name


@given(DATA)
@quick
def test_the_mixed_cover_what_was_read(data: bytes) -> None:
    """As a graph, since a text of nothing but UTF-8 is not of them."""
    for reader in MIXED:
        ways: list[list[Arc]] = [[(char, to, 0.0, False)] for to, char in enumerate([*reader.decode(data), ""], 1)]
        assert covers(reader.graph([*ways, []]), data), reader.name


@given(DATA)
@quick
def test_text_without_loss_is_a_fixed_point(data: bytes) -> None:
    for reader in ROWS:
        text = reader.decode(data)
        if set(reader.mark) & set(text):
            continue
        if reader.wide or all(len(reader.form(char) or b"") < 3 for char in text):
            assert reader.decode(reader.encode(text)) == text, reader.name


@given(st.text(st.one_of(st.characters(), st.sampled_from("一€?・é\u3000\ufffd\ue000\uf8f0\ud800 \x80")), max_size=8))
@quick
def test_any_text_has_a_pattern_or_says_where_not(text: str) -> None:
    for reader in KEEPING:
        check_pattern(reader, text)


def check_pattern(reader: Reader, text: str) -> None:
    try:
        pattern = reader.pattern(text, never=b"\xff")
    except UnicodeEncodeError as error:
        assert error.object in text and 0 <= error.start < error.end
    else:
        for item, following in zip(pattern, [*pattern[1:], None], strict=False):
            assert item and not (isinstance(item, bytes) and isinstance(following, bytes))
            if not isinstance(item, bytes):
                assert all(known == bytes(sorted(set(known))) != b"" for sets in item for known in sets)


# Holes ----------------------------------------------------------------------------------------------------------------

FORMS = st.frozensets(st.binary(max_size=4).map(lambda form: tuple(bytes((v % 7,)) for v in form)), max_size=30)


def members(found: Hole) -> set[tuple[int, ...]]:
    texts: set[tuple[int, ...]] = set()
    for sets in found:
        heads: set[tuple[int, ...]] = {()}
        for known in sets:
            heads = {(*head, value) for head in heads for value in known}
        texts |= heads
    return texts


@given(FORMS)
@quick
def test_a_hole_has_exactly_its_forms(forms: frozenset[tuple[bytes, ...]]) -> None:
    found = hole(forms)
    assert len(found) <= len(forms)
    assert members(found) == {tuple(one[0] for one in form) for form in forms}


# The standard library -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", sorted({reader.codec for reader in FREE if isinstance(reader, Policy)} - {"gb18030"}))
def test_every_codec_reads_what_it_writes_but_for_the_twins(codec: str) -> None:
    """`pattern` writes known runs with the codec: what it writes must be the only form."""
    known, read = twins(codec), set(cells(codec).values())
    for char in map(chr, (*range(0x80, 0xD800), *range(0xE000, 0x11000))):
        data = char.encode(codec, "ignore")
        if data and char not in known:
            assert data.decode(codec) == char
        assert not data or char in read or char in known or len(data) > 2
    for char, forms in known.items():
        assert all(form.decode(codec) == char for form in forms)
        assert not forms or forms[0] == char.encode(codec)


@given(TEXT)
@quick
def test_a_charset_groups_bytes_as_its_codec_does(text: str) -> None:
    for name, known in CHARSETS.items():
        codecs.lookup(known.codec)
        for char in text:
            if data := char.encode(known.codec, "ignore"):
                assert known.lengths[data[0]] == len(data) and all(value in known.trails for value in data[1:]), name
                assert known.characters(tuple(bytes((value,)) for value in data)) == data.decode(known.codec), name
                assert not set(data) & set(known.never), name
