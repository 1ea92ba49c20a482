"""The kit, forward: the places whose bytes are known come out as they were seen."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojifix.channels.kit_damage import (
    HAN,
    annotate,
    break_at_marks,
    damage,
    kit_table,
    random_codes,
    resync,
    to_gbk,
    to_kit_traditional,
)
from mojifix.variants import simplify_char_map

SEEDS = Path(__file__).parents[1] / "seeds"


def codes(listed: str) -> dict[bytes, str]:
    """Codes written as "業yè 技shù": a character and its pinyin."""
    return {item[0].encode("gbk"): item[1:] for item in listed.split()}


@pytest.mark.parametrize(
    ("text", "listed", "seen"),
    [
        ("向实、向外寻求高质", "驅qū 質zhì", "向?qū)崱⑾蛲鈱で蟾哔|(zhì)"),
        ("向实体企业", "驅qū 業yè", "向?qū)嶓w企業(yè)"),
        ("再从技术", "購gòu 術shù", "再?gòu)募夹g(shù)"),
        ("向实</strong>", "驅qū", "向?qū)?/strong>"),
        ("向实&rdquo;", "驅qū", "向?qū)?rdquo;"),
        ("测量仪器", "績jī", "測量?jī)x器"),
        ("产物LDO", "產chǎn 風fēng", "產(chǎn)物L(fēng)DO"),
    ],
)
def test_a_pair_across_a_boundary(text: str, listed: str, seen: str) -> None:
    assert damage(text, codes(listed)) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("专科门", "??崎T"),
        ("。化学", "?;瘜W"),
        ("校科研成果转", "??蒲谐晒D"),  # 果轉 gives FBDE, a cell without a character, which the crawl loses
        ("。“1”", "?!?”"),
        ("好！，；？好", "好!,;?好"),
    ],
)
def test_a_mark_across_a_boundary(text: str, seen: str) -> None:
    assert damage(text, {}, marks=True, halfwidth=True) == seen


def test_both_artefacts_and_the_second_reading_in_one_place() -> None:
    # A9 and the bytes of 。基于 hold two cells without a character, so the run was read again one byte later, as "?"
    # and 。基于. Only then the byte pair A3BB between 。 and 基 was taken for a mark.
    listed = codes("獎jiǎng")
    assert damage("止血剂。基于", listed, resynced=True, drop_private=False) == "止血?jiǎng)?。基?"
    assert damage("止血剂。基于", listed, resynced=True, marks=True, halfwidth=True) == "止血?jiǎng)??;?"


def test_marks_are_left_alone_where_they_are_characters() -> None:
    assert break_at_marks("好！好，好；好？") == "好！好，好；好？"


def test_a_shifted_run_without_private_characters_is_not_read_again() -> None:
    shifted = "向?qū)崱⑾蛲鈱で蟾哔|(zhì)"
    assert resync(shifted) == shifted


def test_private_characters_can_be_kept() -> None:
    kept = damage("校科研成果转", {}, marks=True, drop_private=False)
    assert re.sub("[\ue000-\uf8ff]", "", kept) == "?？蒲谐晒D" != kept


def test_what_gbk_can_not_write_is_an_error_that_says_where() -> None:
    with pytest.raises(ValueError, match=r"GBK can not write '\\xa0' \(U\+00A0\) at 1"):
        damage("好\xa0好", {})
    assert to_gbk("a国") == b"a\xb9\xfa"


def test_characters_are_converted_as_the_kit_does() -> None:
    assert to_kit_traditional("为众娴启着国") == "為眾嫻啟著國"
    same = "云于后里么游群并伙采干吃辟斗柜余恒筑淀范"
    assert to_kit_traditional(same) == same


def test_by_character_the_way_back_is_open_but_for_着() -> None:
    table = kit_table()
    back = simplify_char_map(table.values())
    common = [code for code in table if is_gb2312(chr(code))]
    lost = {chr(code) for code in common if back[table[code]] != chr(code)}
    assert len(common) > 2000
    # GB 2312 has some traditional characters and variants itself; they were rare before, too.
    assert lost == set("着昵渖稆谘迳钜锺镟馀麽")


def is_gb2312(char: str) -> bool:
    try:
        return bool(char.encode("gb2312"))
    except UnicodeEncodeError:
        return False


@given(st.text(st.sampled_from("的是不我这为之大来以个中们国向实从，。“”a1\n"), max_size=60), st.integers(0, 9))
def test_in_the_bytes_nothing_is_lost(text: str, seed: int) -> None:
    data = to_gbk(to_kit_traditional(text))
    assert re.sub(rb"\([^)]*\)", b"", annotate(data, random_codes(random.Random(seed), 0.3))) == data


def test_random_codes_are_listed_readings_and_repeatable() -> None:
    once, again = (random_codes(random.Random(7), 0.25) for _ in range(2))
    assert once == again
    every = random_codes(random.Random(7), 1.0)
    assert 0.2 < len(once) / len(every) < 0.3
    assert all(ord(code.decode("gbk")) in HAN for code in every)
    assert random_codes(random.Random(7), 0.0) == {}


def test_the_seed_page() -> None:
    """The whole page, from its repair: HTML and full-width punctuation are put back, the kit does the rest."""
    seen = (SEEDS / "000_30b5b154e1590d09.txt").read_bytes().decode()
    page = (SEEDS / "000_30b5b154e1590d09.expected.txt").read_bytes().decode()
    found = re.findall(r"([一-龥])\(([a-z]*[^\x00-\x7f一-龥][a-z]*)\)", seen)
    listed = {char.encode("gbk"): pinyin for char, pinyin in found} | codes("驅qū 購gòu")  # these two across a boundary
    html = page.replace("虚向实\n", "虚向实</strong>\n").replace("虚向实”", "虚向实&rdquo;").replace("\xa0", "&nbsp;")
    written = re.sub("(?<=[一-龥”])[,?](?=[一-龥“A-Z\n])", lambda mark: {",": "，", "?": "？"}[mark[0]], html)
    again = damage(written, listed, halfwidth=True, resynced=True).replace("&nbsp;", "\xa0")
    assert again == seen
