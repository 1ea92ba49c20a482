"""The door to OpenCC: characters alone, text with phrases, and no input that it fails on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojifix.variants import convert, simplify_char_map, traditional_char_map


def test_characters_are_converted_as_if_they_stood_alone() -> None:
    # Side by side 乾坤 and 瞭望 are phrases in which OpenCC keeps the first character.
    together = simplify_char_map("乾坤瞭望")
    assert together == {char: simplify_char_map([char])[char] for char in "乾坤瞭望"}
    assert traditional_char_map("头发")["发"] == "發"


def test_a_character_map_leaves_out_line_ends_only() -> None:
    assert simplify_char_map("\n後\0\ud800 ") == {"後": "后", "\0": "\0", "\ud800": "\ud800", " ": " "}
    assert simplify_char_map("") == simplify_char_map("\n") == {}


@given(st.lists(st.characters()))
def test_every_character_has_its_place(chars: list[str]) -> None:
    assert set(simplify_char_map(chars)) == set(chars) - {"\n"}


def test_text_is_converted_with_phrases() -> None:
    assert convert("理发以后发了财", "traditional") == "理髮以後發了財"
    assert convert("理髮以後發了財", "simplified") == "理发以后发了财"


@given(st.text(st.one_of(st.characters(), st.sampled_from("後后發髮发\ud800\udc00\0\r\n"))))
def test_any_text_is_taken_and_line_ends_stay(text: str) -> None:
    for script in ("simplified", "traditional"):
        assert convert(text, script).count("\n") == text.count("\n")


@pytest.mark.parametrize("script", ["t2s", "", "Simplified", "keep"])
def test_another_script_is_an_error_that_names_the_two(script: str) -> None:
    with pytest.raises(ValueError, match=f"'simplified' or 'traditional', not '{script}'"):
        convert("好", script)
