"""The table of readings: it is what its sources give, and it covers what the seed page shows."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest

from mojifix.channels import readings as module
from mojifix.channels.kit_damage import to_kit_traditional
from mojifix.channels.readings import build, readings

SEED = Path(__file__).parents[1] / "seeds" / "000_30b5b154e1590d09.txt"
ANNOTATION = re.compile(r"(.)\(([a-zāáǎàēéěèīíǐìōóǒòūúǔùüǖǘǚǜ]{1,6})\)")


def readings_of(char: str) -> set[str]:
    return {pinyin for pinyin, chars in readings().items() if char in chars}


def test_the_table_is_what_its_sources_give() -> None:
    pypinyin = pytest.importorskip("pypinyin", reason="pypinyin is not installed")
    text = module.TABLE.read_bytes().decode()
    written_from = re.findall(r"pypinyin (\S+)", text.partition("\n")[0])
    if written_from != [pypinyin.__version__]:
        pytest.skip(f"the table is from pypinyin {written_from}, installed is {pypinyin.__version__}")
    assert build() == text


def test_the_table_is_in_order() -> None:
    assert list(readings()) == sorted(readings())
    for pinyin, chars in readings().items():
        assert chars == "".join(sorted(set(chars))), pinyin
        assert pinyin == unicodedata.normalize("NFC", pinyin)
        assert len(f"{pinyin}{chars}".encode("gbk")) == len(pinyin.encode("gbk")) + 2 * len(chars)


@pytest.mark.parametrize(
    ("char", "expected"),
    [
        ("長", "zhǎng cháng"),
        ("調", "diào tiáo"),
        ("著", "zhe zhuó zhù zháo"),
        ("樂", "lè yuè"),
        ("還", "hái huán"),
        ("們", "men"),
        ("麼", "me"),
        ("個", "gè ge"),
        ("沒", "méi mò"),
        ("績", "jì jī"),
        ("跡", "jì jī"),
        ("橫", "héng hèng"),
        ("綠", "lǜ lù"),
        ("兒", "ér"),
    ],
)
def test_common_readings_are_there(char: str, expected: str) -> None:
    assert readings_of(char) >= set(expected.split())


def test_characters_of_simplified_text_are_not_there() -> None:
    # 重 is one of them, so its readings are no evidence.
    assert not [char for char in "的人好重云于后里" if readings_of(char)]


def test_every_annotation_of_the_seed_has_its_reading() -> None:
    pairs = set(ANNOTATION.findall(SEED.read_text(encoding="utf-8")))
    missing = {(char, pinyin) for char, pinyin in pairs if char not in readings().get(pinyin, "")}
    # English glosses, and two hits across the boundary of characters whose second byte is "|" or "g".
    glosses = {"volatility", "uncertainty", "complexity", "ambiguity"}
    assert {pair for pair in missing if pair[1] not in glosses} == {("|", "zhì"), ("g", "shù")}
    assert len(pairs) > 90


def test_the_kit_writes_著_for_着() -> None:
    assert to_kit_traditional("着") in readings()["zhe"]
