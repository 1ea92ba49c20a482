"""Laws of the pinyin kit: what a simulated kit with any list did to a page is undone, and nothing else is touched."""

from __future__ import annotations

import random
from math import inf

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import mojifix
from mojifix import kit
from mojifix.channels.kit_damage import damage, kit_table, random_codes, to_kit_traditional
from mojifix.channels.pinyin import cut_annotations, undo_shifts
from mojifix.channels.pinyin_evidence import Evidence
from mojifix.charsets import LOST
from mojifix.lattice import Lattice
from mojifix.plan import Plan, Step, replay

SENTENCES = (
    "公司今年计划在南方建设三个新的生产基地，产品主要销往东南亚市场。",
    "医生建议患者少吃油腻的食物，多喝水，每天坚持散步半个小时。",
    "这台机床采用数控系统，加工精度高，操作简单，维护费用也不高。",
    "学校图书馆周末照常开放，同学们可以在二楼阅览室自习。",
    "春节期间，铁路部门加开了几十趟临时列车，方便旅客回家过年。",
    "专家认为，气候变化对农业的影响不会马上显现，但是必须提前应对。",
    "他从小喜欢画画，后来考上了美术学院，毕业以后当了一名设计师。",
    "软件安装完成后，请重新启动电脑，然后在设置里选择语言。",
    "这条老街保留着许多清代的建筑，游客来到这里都要拍几张照片。",
    "球队在主场以三比一战胜对手，终于结束了连续五场不胜的局面。",
    "合同签订以后，双方应当按照约定履行义务，不得随意变更或者解除。",
    "实验结果表明，这种新材料在高温条件下仍然具有良好的导电性能。",
    "外面下着大雨，孩子们只好在屋里听爷爷讲过去的故事。",
    "银行提醒客户，不要把密码告诉别人，也不要点击陌生的链接。",
    "小区的绿化很好，离地铁站不远，就是停车位有点紧张。",
    "我们将继续加强与各国的经济合作，推动贸易和投资自由化。",
    "把面粉和鸡蛋搅拌均匀，再加入适量的盐，静置二十分钟。",
    "该项目总投资约两亿元，预计明年年底建成并投入使用。",
    "记者从会议上了解到，我省将新建一批乡村卫生室。",
    "请问这件衣服还有别的颜色吗？我想给妈妈买一件红的。",
    "传感器把温度信号转换为电压信号，经过放大后送到控制器。",
    "如果您对我们的服务不满意，请拨打热线电话，我们会尽快处理！",
    "电影讲述了一个年轻人离开家乡，到大城市寻找梦想的故事。",
    "河水的流量在夏季最大，冬季部分河段会结冰，不能通航。",
    "研究人员对比了两组数据；结果显示，差异并不明显。",
    "每逢节日，村里的老人就会聚在一起，唱戏、下棋、聊天。",
    "为了减轻学生的负担，老师减少了作业，增加了体育活动的时间。",
    "发动机出现异常响声时，应立即停车检查，切勿继续行驶。",
    "他们用了整整十年，才把这片荒山变成果园。",
    "网络购物给人们的生活带来了很大的便利，也产生了不少问题。",
)
pages = st.lists(st.sampled_from(SENTENCES), min_size=3, max_size=6, unique=True).map("\n".join)
seeds = st.integers(0, 10**6)
few = settings(max_examples=15, deadline=None, database=None)
many = settings(few, max_examples=40)


def sharp_codes(text: str, seed: int, share: float) -> dict[bytes, str]:
    """A list that hits characters of this text, and no pair across a boundary of it."""
    data = to_kit_traditional(text).encode("gbk")
    inside = {line[at : at + 2] for line in data.split(b"\n") for at in range(len(line)) if not aligned(line, at)}
    listed = random_codes(random.Random(seed), share)
    return {code: pinyin for code, pinyin in listed.items() if code not in inside}


def aligned(line: bytes, at: int) -> bool:
    """Whether a character begins there."""
    return line[:at].decode("gbk", "replace").find(LOST) < 0


def enough(seen: str) -> None:
    """A page with so many readings that there is no doubt."""
    assume(Evidence.of(seen).annotated.total() >= 8)


@given(pages, seeds, st.sampled_from([0.2, 0.5, 0.9]), st.booleans())
@many
def test_what_lost_no_byte_comes_back_exactly(text: str, seed: int, share: float, halfwidth: bool) -> None:
    codes = sharp_codes(text, seed, share)
    seen = damage(text, codes, halfwidth=halfwidth)
    enough(seen)
    assert mojifix.fix(seen) == damage_of_marks(text, halfwidth)
    assert mojifix.fix(seen, script="keep") == to_kit_traditional(damage_of_marks(text, halfwidth))


def damage_of_marks(text: str, halfwidth: bool) -> str:
    return text.translate(str.maketrans("，：？（）；！", ",:?();!")) if halfwidth else text


@given(pages, seeds, st.sampled_from([0.1, 0.5, 0.9]), st.booleans(), st.booleans(), st.booleans())
@few
def test_one_path_and_no_second_thoughts(
    text: str, seed: int, share: float, marks: bool, resynced: bool, drop: bool
) -> None:
    seen = damage(text, random_codes(random.Random(seed), share), marks=marks, resynced=resynced, drop_private=drop)
    repair = mojifix.explain(seen)
    assert mojifix.replay(seen, repair.plan) == repair.text == mojifix.fix(seen)
    assert mojifix.fix(repair.text) == repair.text
    for guess in repair.guesses:
        assert repair.text[guess.start : guess.start + len(guess.text)] == guess.text


@given(st.sampled_from(SENTENCES), seeds, st.booleans())
@many
def test_the_truth_is_among_what_a_shifted_line_may_have_been(sentence: str, seed: int, marks: bool) -> None:
    """No private-use character is lost here; where one is, `dropped` finds it (test_kit_damage has such a place)."""
    codes = random_codes(random.Random(seed), 0.9)
    seen = damage(sentence, codes, marks=marks, drop_private=False)
    cut = replay(seen, Plan((Step("", tuple(cut_annotations(seen))),)))
    assume(cut != to_kit_traditional(sentence))
    lattice = undo_shifts(cut)
    assert lattice is not None and reads(lattice, to_kit_traditional(sentence))


def reads(lattice: Lattice, text: str) -> bool:
    """Whether a text is a path."""
    places: dict[int, set[int]] = {0: {0}}
    for node, ways in enumerate(lattice.arcs):
        for at in places.get(node, ()):
            for chars, to, _, lost in ways:
                if lost and text[at : at + 1] and text[at] in chars:
                    places.setdefault(to, set()).add(at + 1)
                elif not (lost and chars) and text.startswith(chars, at):
                    places.setdefault(to, set()).add(at + len(chars))
    return len(text) in places.get(len(lattice.arcs) - 1, ())


@given(pages, seeds, st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=4))
@few
def test_clean_paragraphs_beside_a_page_are_nothing_to_it(text: str, seed: int, others: list[str]) -> None:
    seen = damage(text, sharp_codes(text, seed, 0.5))
    enough(seen)
    clean = "\n".join(others)
    assert mojifix.fix(f"{clean}\n{seen}\n{clean}") == f"{clean}\n{mojifix.fix(seen)}\n{clean}"


@given(st.lists(st.sampled_from(SENTENCES), max_size=6).map("\n".join))
@few
def test_simplified_text_and_its_traditional_form_are_clean(text: str) -> None:
    traditional = to_kit_traditional(text)
    assert mojifix.fix(text) is text
    assert mojifix.fix(traditional) is traditional


STRANGE = ["\ufffd", "\U0001f600", "\ue000", "\ud800", "\x01", "\xa0", "\r\n", "\n"]
PIECES = [
    "?",
    "(",
    ")",
    "qū)",
    "?qū)",
    "(lè)",
    "崱",
    "W",
    "/strong>",
    "?nbsp;",
    "！",
    ",",
    "F(xiàn)",
    "發(fā)",
    "網(wǎng)",
    "実",
]


@given(st.lists(st.sampled_from(PIECES + STRANGE), max_size=25).map("".join))
@settings(few, max_examples=150)
def test_no_text_is_too_strange(text: str) -> None:
    repair = kit.undo(text, threshold=-inf, least=0.5, keep_script=False)
    assert mojifix.replay(text, repair.plan) == repair.text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x0b", "\u2028"])
def test_line_ends_stay(end: str) -> None:
    listed = [char.encode("gbk") for char in "業產機網發電設計會經"]
    codes = {code: p for code, p in random_codes(random.Random(1), 1.0).items() if code in listed}
    text = f"企业产品{end}机器和网络的发展{end}电子设计，会议经验{end}"
    seen = "".join(damage(part, codes) + end for part in text.split(end)[:-1])
    assert mojifix.fix(seen) == text


def test_the_sentences_are_what_a_page_was() -> None:
    table = kit_table()
    for sentence in SENTENCES:
        assert not set(sentence) & (set(table.values()) - {chr(code) for code in table})
