"""`fix` is total: on any text it ends, says what it did, and finds nothing more in what it gave."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import mojifix
from mojifix.channels.recode import RECODES

BY_NAME = {channel.name: channel for channel in RECODES}
ORDINARY = (
    "utf-8 read as cp936/icu", "utf-8 read as gbk/cpython", "utf-8 read as cp936/windows", "gbk read as latin-1",
    "utf-8 read as cp1252/whatwg", "gbk read as cp950/cpython", "utf-8 read as mended/cp936/windows",
)  # fmt: skip
SENTENCES = (
    "那时候我们还不知道，最重要的东西往往是看不见的。",
    "初始化配置文件失败，请检查数据库连接是否正常！",
    "這個程式需要安裝最新版本，才能在電腦上執行。",
)
DAMAGED = [BY_NAME[name].damage(text) for name in ORDINARY for text in SENTENCES[:2]]
CLEAN = [
    *SENTENCES,
    "l’été à Nîmes, größer",
    "Привет, мир",
    "カタカナ、ひらがな、漢字",
    "plain ascii",
    "今天3D打印，A股和T恤",
]

#: anything at all, and what the screen looks at
PIECES = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=12),
    st.sampled_from([*DAMAGED, *CLEAN]).flatmap(
        lambda text: st.tuples(st.integers(0, len(text)), st.integers(0, 12)).map(lambda cut: text[cut[0] :][: cut[1]])
    ),
    st.sampled_from("\ufffd?€\n\r\t ()<>&;\0\ud800\ue000鈥ÃÂ锟斤拷ï¿½ｱ각漢"),
)
TEXTS = st.lists(PIECES, max_size=6).map("".join)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
@example("ŒÆIDÆÚ×´ÐÔÁÁÂ¿óÊ½µð¿˜÷óÁÒ。\ufffd&#65533;")  # the number of a form is no mark that a round has left
def test_any_text_is_repaired_and_replayed_and_nothing_is_left_to_do(text: str) -> None:
    repair, fixed = mojifix.explain(text), mojifix.fix(text)
    assert fixed == repair.text == mojifix.replay(text, repair.plan)
    assert repair.plan or fixed is text
    assert mojifix.fix(fixed) == fixed
    for guess in repair.guesses:
        assert repair.text.startswith(guess.text, guess.start) and 0 < guess.probability <= 1


@pytest.mark.parametrize("name", ORDINARY)
def test_a_text_is_repaired_as_it_is_between_clean_paragraphs(name: str) -> None:
    for text in SENTENCES[:2]:
        seen = BY_NAME[name].damage(text)
        around = f"{SENTENCES[0]}\n\n{seen}\n\n{SENTENCES[2]}\n"
        assert mojifix.fix(around) == f"{SENTENCES[0]}\n\n{mojifix.fix(seen)}\n\n{SENTENCES[2]}\n"


def test_threads_agree() -> None:
    texts = [*DAMAGED, *CLEAN] * 3
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(mojifix.fix, texts)] == [*map(mojifix.fix, texts)]


def test_the_seed_of_hashes_changes_nothing() -> None:
    code = f"import mojifix; print(ascii([mojifix.fix(text) for text in {DAMAGED + CLEAN!a}]))"
    found = {
        subprocess.run(
            [sys.executable, "-c", code], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1


def test_single_characters_stand() -> None:
    chars = [*map(chr, range(0x10000))]
    assert [char for char in chars if mojifix.fix(char) is not char] == []


def test_pairs_of_hanzi_stand() -> None:
    rng = random.Random(5)
    common = [bytes((lead, trail)).decode("gbk") for lead in range(0xB0, 0xD7) for trail in range(0xA1, 0xFA)]
    pairs = ["".join(rng.sample(common, 2)) for _ in range(20_000)] + ["什么", "系统", "目前", "联通"]
    assert [pair for pair in pairs if mojifix.fix(pair) is not pair] == []


@pytest.mark.parametrize("codec", ["gb2312", "big5", "euc_jp", "euc_kr"])
def test_lists_of_hanzi_stand(codec: str) -> None:
    rng = random.Random(codec)
    hanzi = [char for char in map(chr, range(0x4E00, 0x9FA6)) if char.encode(codec, "ignore")]
    lists = ["".join(rng.sample(hanzi, rng.choice((4, 8, 16)))) for _ in range(300)]
    assert [text for text in lists if mojifix.fix(text) is not text] == []


@pytest.mark.parametrize("seed", range(8))
def test_a_wound_more_costs_no_more_than_itself(seed: int) -> None:
    """One character of damaged text flipped, dropped or put in: the repair is no further from the truth than the
    damage was, and what the wound itself can cost - a character of UTF-8 and its neighbours."""
    rng = random.Random(seed)
    for text in SENTENCES[:2]:
        for name in ORDINARY[:5]:
            seen = BY_NAME[name].damage(text)
            at = rng.randrange(len(seen))
            wounded = seen[:at] + rng.choice(("", "x", seen[at] + "中", seen[at] * 2)) + seen[at + 1 :]
            assert distance(mojifix.fix(wounded), text) <= distance(wounded, text)


def distance(a: str, b: str) -> int:
    row: list[int] = [*range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]
