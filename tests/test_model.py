"""The language model: its builder, its file, the shipped one, and what it learns from the text at hand."""

from __future__ import annotations

import hashlib
import json
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from math import isfinite, log2
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from clock import slowness, spent

from mojifix.model import Model, ModelError, Recent, load
from mojifix.model.alphabet import CLASSES, CONTROL, MEMBER_BITS, MEMBERS, RARE_HAN, RUNS, SYMBOL, classify
from mojifix.model.ngram import MAGIC, UNIT
from mojifix.model.recent import WEIGHTS

if TYPE_CHECKING:
    from mojifix.model.build_estimate import Backoff, Floats, Keys

SHIPPED = Path(sys.modules["mojifix.model"].__file__ or "").with_name("zh.bin")

# A small corpus ------------------------------------------------------------------------------------------------------

#: simplified and traditional forms of the words of a small grammar
WORDS = [
    [("我们", "我們"), ("老师", "老師"), ("他", "他"), ("张先生", "張先生"), ("学生们", "學生們"), ("妈妈", "媽媽")],
    [("看着", "看著"), ("买了", "買了"), ("写完", "寫完"), ("忘记", "忘記"), ("喜欢", "喜歡"), ("带来", "帶來")],
    [("", ""), ("一本", "一本"), ("那张", "那張"), ("3个", "3個"), ("iPad 和", "iPad 和"), ("（新的）", "（新的）")],
    [("书", "書"), ("画", "畫"), ("电影票", "電影票"), ("苹果", "蘋果"), ("笔记", "筆記"), ("车", "車")],
    [("。", "。"), ("！", "！"), ("，很高兴。", "，很高興。"), ("，后来呢？", "，後來呢？")],
]
ORDERS = (2, 3, 4)
NO_CUT = 1_000_000


def lines(seed: int, number: int, traditional: bool = False) -> list[str]:
    choose = random.Random(seed)
    return ["".join(choose.choice(words)[traditional] for words in WORDS) for _ in range(number)]


class Built(NamedTuple):
    """A model, loaded, and what the builder had in its hands."""

    model: Model
    estimate: Backoff
    vocabulary: str
    members: list[float]  # bits of each character of the vocabulary beyond its symbol

    def char(self, symbol: int) -> str:
        """A character that counts as the symbol."""
        return self.vocabulary[symbol - CLASSES] if symbol >= CLASSES else representative(symbol, self.vocabulary)

    def cost(self, context: tuple[int, ...], symbol: int) -> float:
        """The cost of a symbol in the loaded model after a line that begins with `context`."""
        _, state = self.model.simplified(self.model.start, "".join(map(self.char, context)))
        char = self.char(symbol)
        member = self.members[symbol - CLASSES] if symbol >= CLASSES else MEMBERS.get(char, MEMBER_BITS[symbol])
        return self.model.simplified(state, char)[0] - member

    def expected(self, context: tuple[int, ...], symbol: int) -> float:
        """The same, as the builder has it."""
        from mojifix.model.build_estimate import WIDTH

        grams = (0, *context, symbol)[-len(self.estimate.kept) :]
        return -log2(
            self.estimate.probability(as_keys(sum(s << WIDTH * i for i, s in enumerate(grams[::-1]))), len(grams))[0]
        )


def as_keys(*numbers: int) -> Keys:
    import numpy as np

    return np.array(numbers, dtype=np.uint64)


def representative(kind: int, vocabulary: str) -> str:
    """A character of a class that has no symbol of its own."""
    ordinary = "\n", "\u9f98", "x", "7", " ", "\u2603", "の", "カ", "한", "ж", "ω", "ĝ", "\U0001f600", "\x01"
    char = ordinary[kind]
    assert char not in vocabulary and classify(ord(char)) == kind
    return char


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("corpus")
    content = {"a": lines(1, 350), "b": lines(2, 250), "c": lines(3, 120, traditional=True)}
    paths = []
    for name, some in content.items():
        paths.append(folder / f"{name}.txt")
        paths[-1].write_text("\n".join(some), encoding="utf-8", newline="\n")
    return paths


@pytest.fixture(scope="module")
def small(texts: list[Path]) -> Callable[[int, int], Built]:
    """Makes a model of an order, cut down to a number of n-grams."""
    from mojifix.model import build
    from mojifix.model.build_estimate import Backoff, count, prune, smooth

    corpus = build.Corpus(texts)
    members = [cost * UNIT for cost in corpus.members[0]]
    made: dict[tuple[int, int], Built] = {}

    def make(order: int, ngrams: int = NO_CUT) -> Built:
        if (order, ngrams) not in made:
            counts = [count(corpus.symbols, n) for n in range(1, order + 1)]
            estimate = Backoff(prune(smooth(counts, corpus.size), counts, ngrams))
            data = build.build(texts, order=order, ngrams=ngrams, pairs=0)[0]
            made[order, ngrams] = Built(Model(data), estimate, corpus.vocabulary, members)
        return made[order, ngrams]

    return make


def contexts(built: Built, number: int) -> list[tuple[int, ...]]:
    """Beginnings of lines as symbols: seen, half seen and random ones. A run in them is one symbol."""
    choose = random.Random(number)
    size = CLASSES + len(built.vocabulary)
    numbers = {char: CLASSES + rank for rank, char in enumerate(built.vocabulary)}
    found: list[tuple[int, ...]] = [()]
    for line in lines(7, number):
        seen = [numbers.get(char) for char in line[: choose.randrange(1, 7)]]
        found.append(tuple(symbol for symbol in seen if symbol is not None))
        found.append((*found[-1][:2], choose.randrange(1, size)))
        found.append(tuple(choose.randrange(1, size) for _ in range(choose.randrange(1, 5))))
    return [context for context in found if not any(a == b and a in RUNS for a, b in pairwise((0, *context)))]


def shape(*cases: tuple[int, int]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        ("order", "ngrams"), cases, ids=lambda value: "all" if value == NO_CUT else str(value)
    )


shapes = shape((2, NO_CUT), (3, NO_CUT), (4, NO_CUT), (2, 100), (3, 300), (4, 500))


# The builder ---------------------------------------------------------------------------------------------------------


def test_the_same_text_gives_the_same_bytes(texts: list[Path], tmp_path: Path) -> None:
    from mojifix.model import build

    first, about = build.build(texts)
    moved = [tmp_path / path.name for path in texts]
    for path, copy in zip(texts, moved, strict=True):
        copy.write_bytes(path.read_bytes())
    assert build.build(texts) == (first, about)
    assert build.build(moved[::-1]) == (first, about)
    assert about["sha256"] == hashlib.sha256(first).hexdigest()
    assert list(about["sources"]) == ["a.txt", "b.txt", "c.txt"]
    changed = [*moved[:2], tmp_path / "c.txt"]
    changed[2].write_text("\n".join(lines(4, 120)), encoding="utf-8")
    assert build.build(changed)[0] != first


def test_the_command_line_writes_model_and_json(texts: list[Path], tmp_path: Path) -> None:
    from mojifix.model import build

    output = tmp_path / "own.bin"
    assert build.main([*map(str, texts), "-o", str(output), "--order", "3", "--ngrams", "400", "--pairs", "5000"]) == 0
    about = json.loads((tmp_path / "own.json").read_bytes())
    data = output.read_bytes()
    assert (data, about) == build.build(texts, order=3, ngrams=400, pairs=5000)
    assert about["order"] == 3 and 0.9 * 400 < sum(about["ngrams"][1:]) <= 404


@shapes
def test_every_distribution_sums_to_one(small: Callable[[int, int], Built], order: int, ngrams: int) -> None:
    built = small(order, ngrams)
    totals = []
    for context in contexts(built, 12):
        last = context[-1] if context else 0
        symbols = range(CLASSES + len(built.vocabulary))
        # A run goes on at no cost: what the builder gives to the symbol after itself is lost, and no text needs it.
        total = 2.0 ** -built.expected(context, last) if last in RUNS else 0.0
        total += sum(2.0 ** -built.cost(context, symbol) for symbol in symbols if symbol != last or last not in RUNS)
        assert 0.72 < total < 1.4, (context, total)  # the rounding of the backoff weights: 3 times 1/8 bit at most
        totals.append(total)
    assert len(totals) > 20
    assert abs(sum(totals) / len(totals) - 1) < 0.06


@shapes
def test_the_loaded_costs_are_those_of_the_builder(small: Callable[[int, int], Built], order: int, ngrams: int) -> None:
    built = small(order, ngrams)
    choose = random.Random(order)
    for context in contexts(built, 40):
        for symbol in choose.sample(range(CLASSES + len(built.vocabulary)), 12):
            if symbol in RUNS and symbol == (0, *context)[-1]:
                continue
            # One rounding of the probability and one of each weight, of at most half a unit each.
            assert abs(built.cost(context, symbol) - built.expected(context, symbol)) <= order * UNIT / 2 + 1e-9


def test_a_longer_order_knows_its_text_better(small: Callable[[int, int], Built]) -> None:
    def bits(order: int, ngrams: int) -> float:
        model = small(order, ngrams).model
        return sum(model.bits(line + "\n") for line in lines(9, 60))

    assert bits(2, NO_CUT) > bits(3, NO_CUT) > bits(4, NO_CUT)
    assert bits(4, 50) > bits(4, 500) > bits(4, NO_CUT)


@pytest.mark.parametrize("ngrams", [0, 1, 2])
def test_a_budget_that_leaves_an_order_empty(small: Callable[[int, int], Built], ngrams: int) -> None:
    with at_most(1):
        built = small(4, ngrams)
    assert sum(built.model.grams[1:]) <= ngrams
    assert isfinite(built.model.bits("我们看着书。"))
    assert abs(built.cost((), RARE_HAN) - built.expected((), RARE_HAN)) <= UNIT


Table = list[tuple["Keys", "Floats"]]


@pytest.fixture(scope="module")
def estimates(texts: list[Path]) -> tuple[Table, Table]:
    """Probabilities and counts of all that was seen."""
    from mojifix.model.build import Corpus
    from mojifix.model.build_estimate import count, smooth

    corpus = Corpus(texts)
    counts = [count(corpus.symbols, n) for n in range(1, 5)]
    return smooth(counts, corpus.size), counts


@pytest.mark.parametrize("budget", [50, 200, 600, 1200])
def test_pruning_keeps_prefixes_and_suffixes_and_the_budget(estimates: tuple[Table, Table], budget: int) -> None:
    import numpy as np

    from mojifix.model.build_estimate import WIDTH, prune, suffix

    probabilities, counts = estimates
    kept = prune(probabilities, counts, budget)
    total = sum(len(keys) for keys, _ in kept[1:])
    assert 0.98 * budget - 5 <= total <= 1.01 * budget + 5  # one of four symbols brings five others with it
    assert len(kept[0][0]) == len(probabilities[0][0])  # every symbol stays
    for order in range(2, 5):
        keys, p = kept[order - 1]
        shorter = kept[order - 2][0]
        assert np.isin(keys >> np.uint64(WIDTH), shorter).all()
        assert np.isin(suffix(keys, order - 1), shorter).all()
        assert (np.diff(keys.astype(np.int64)) > 0).all()
        all_keys, all_p = probabilities[order - 1]
        assert (all_p[np.searchsorted(all_keys, keys)] == p).all()


def test_nothing_is_pruned_where_all_fits(estimates: tuple[Table, Table]) -> None:
    from mojifix.model.build_estimate import prune

    probabilities, counts = estimates
    total = sum(len(keys) for keys, _ in probabilities[1:])
    for budget in (total, 10 * total):
        assert sum(len(keys) for keys, _ in prune(probabilities, counts, budget)[1:]) == total


@contextmanager
def at_most(seconds: int) -> Iterator[None]:
    """Raises where code would not come to an end."""

    def alarm(*_: object) -> None:
        raise TimeoutError(f"more than {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        pytest.skip("no alarm on this system")
    before = signal.signal(signal.SIGALRM, alarm)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="module")
def lopsided(tmp_path_factory: pytest.TempPathFactory) -> tuple[Table, Table]:
    """One line said very often, and a few others: some n-grams save less than nothing against backing off."""
    from mojifix.model.build import Corpus
    from mojifix.model.build_estimate import count, smooth

    choose = random.Random(5)
    some = ["".join(choose.choices("我们看着书。", k=6)) for _ in range(60)]
    path = tmp_path_factory.mktemp("lopsided") / "a.txt"
    path.write_text("\n".join(["我们看着书。"] * 20_000 + some), encoding="utf-8", newline="\n")
    corpus = Corpus([path])
    counts = [count(corpus.symbols, n) for n in range(1, 5)]
    return smooth(counts, corpus.size), counts


@pytest.mark.parametrize("missing", [-1, 0, 1, 2, 40, 300])
def test_pruning_comes_to_an_end(lopsided: tuple[Table, Table], missing: int) -> None:
    from mojifix.model.build_estimate import prune

    probabilities, counts = lopsided
    budget = sum(len(keys) for keys, _ in probabilities[1:]) - missing
    with at_most(1):
        kept = prune(probabilities, counts, budget)
    assert sum(len(keys) for keys, _ in kept[1:]) <= 1.01 * budget


# The file ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def file(texts: list[Path]) -> bytes:
    from mojifix.model.build import build

    return build(texts, order=3, ngrams=200)[0]


WHAT_TO_DO = "build one with|build it again with|install mojifix again"


def test_a_file_that_is_no_model_says_so(file: bytes) -> None:
    for data in (b"", b"PK\x03\x04 no model", b"X" + file[1:], file[:7]):
        with pytest.raises(ModelError, match=r"no mojifix model.*build one with `python -m mojifix\.model\.build`"):
            Model(data)


def test_another_version_says_so(file: bytes) -> None:
    at = len(MAGIC)
    other = file[:at] + (int.from_bytes(file[at : at + 2], "little") + 1).to_bytes(2, "little") + file[at + 2 :]
    with pytest.raises(ModelError, match=r"format \d+, this mojifix reads \d+: build it again with"):
        Model(other)


def test_any_flipped_byte_is_found(file: bytes) -> None:
    choose = random.Random(11)
    for at in (*range(50), *choose.sample(range(50, len(file)), 100)):
        data = bytearray(file)
        data[at] ^= 1 << choose.randrange(8)
        with pytest.raises(ModelError, match=WHAT_TO_DO):
            Model(bytes(data))


@pytest.mark.parametrize("size", [8, 9])
def test_a_file_cut_off_in_its_version_is_found(file: bytes, size: int) -> None:
    with pytest.raises(ModelError, match=WHAT_TO_DO):
        Model(file[:size])


@pytest.mark.parametrize("size", [0, 7, 10, 41, 42, 43, 46, 500, -1])
def test_a_truncated_file_is_found(file: bytes, size: int) -> None:
    with pytest.raises(ModelError, match=WHAT_TO_DO):
        Model(file[:size])


# The shipped model ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


def test_the_shipped_file_is_the_one_of_its_json() -> None:
    data = SHIPPED.read_bytes()
    about: dict[str, Any] = json.loads(SHIPPED.with_suffix(".json").read_bytes())
    assert about["sha256"] == hashlib.sha256(data).hexdigest()
    assert about["bytes"] == len(data) < 7_900_000
    assert tuple(about["ngrams"]) == load().grams
    assert about["sources"]


def measured(code: str) -> float:
    """What a program in a process of its own prints."""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return float(run.stdout)


def test_it_loads_fast() -> None:
    code = f"""
import time
from pathlib import Path
from mojifix.model import Model
def load():
    begun = time.process_time()
    Model(Path({str(SHIPPED)!r}).read_bytes())
    return time.process_time() - begun
print(min(load() for _ in range(5)))
"""
    assert any(measured(code) < 0.150 * slowness() for _ in range(4))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc/self/status")
def test_it_needs_little_memory() -> None:
    """The peak of resident memory above what there was after the imports: temporary copies while loading count too.

    VmHWM and not `getrusage`, whose peak is inherited from the process that started this one.
    """
    code = """
import re
from pathlib import Path
from mojifix.model import load
def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024
before = peak()
load().bits("今天天气很好。")
print(peak() - before)
"""
    assert 10 < measured(code) < 64


def test_it_is_loaded_once() -> None:
    assert load() is load()


def test_every_character_has_a_cost(model: Model) -> None:
    astral = [*range(0x10000, 0x110000, 61), 0x1F600, 0x20000, 0x2A6DF, 0x30000, 0xE0100, 0x10FFFF]
    for step in (model.simplified, model.traditional):
        for code in (*range(0x10000), *astral):
            bits, state = step(model.start, chr(code))
            assert isfinite(bits) and 0 <= bits < 64, hex(code)
            assert len(state) == 3
    assert isfinite(model.bits("半\ud800个\udfff字\U0001f600\x00"))


def test_characters_of_no_symbol_are_not_stored(model: Model) -> None:
    _, state = model.simplified(model.start, "文\ud800")
    assert state == model.simplified(model.start, "文\ue123")[1]
    assert state[2] == CONTROL or classify(0xE123) == CONTROL


@pytest.mark.parametrize(
    ("short", "long"),
    [("a", "abcXYZ"), ("7", "2024"), (" ", "  \t\u3000 "), ("я", "яблоко"), ("é", "éèê")],
)
def test_a_run_counts_as_one_symbol(model: Model, short: str, long: str) -> None:
    step = model.simplified
    once, after = step(model.start, "我们用" + short)
    more, far = step(model.start, "我们用" + long)
    assert far == after
    assert step(after, "的") == step(far, "的")
    assert more > once
    # Beyond its symbol, a run costs what its members cost wherever they stand.
    begun, _ = step(model.start, "我们用" + long[0])
    _, elsewhere = step(model.start, "今天的天气" + short)
    assert more == pytest.approx(begun + sum(step(elsewhere, char)[0] for char in long[1:]))


def test_a_full_width_run_is_the_same_symbol(model: Model) -> None:
    narrow, after = model.simplified(model.start, "型号ab12")
    wide, state = model.simplified(model.start, "型号ａｂ１２")
    assert state == after and wide > narrow


def test_marks_and_rare_characters_are_no_runs(model: Model) -> None:
    _, once = model.simplified(model.start, "好！")
    bits, _ = model.simplified(once, "！")
    assert bits > 0 and {RARE_HAN, SYMBOL}.isdisjoint(RUNS)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("他看着窗外", "他看著窗外"),
        ("一本著名的小说", "一本着名的小说"),
        ("她笑着对我说", "她笑著对我说"),
        ("这是他的代表著作", "这是他的代表着作"),
        ("天气很干燥", "天气很乾燥"),
        ("我们在学习", "我们再学习"),
    ],
)
def test_context_tells_characters_apart(model: Model, right: str, wrong: str) -> None:
    assert model.simplified(model.start, right)[0] + 1 < model.simplified(model.start, wrong)[0]


PAIRS = [
    ("这个问题后来没有人再提起。", "這個問題後來沒有人再提起。"),
    ("发展经济的时候要保护环境。", "發展經濟的時候要保護環境。"),
    ("他从图书馆借了几本历史书。", "他從圖書館借了幾本歷史書。"),
    ("妈妈说：“今天的鸡汤很好喝！”", "媽媽說：「今天的雞湯很好喝！」"),
    ("请问，这辆车开往哪里？", "請問，這輛車開往哪裡？"),
]


@pytest.mark.parametrize(("simplified", "traditional"), PAIRS)
def test_both_scripts_cost_much_the_same(model: Model, simplified: str, traditional: str) -> None:
    ours, theirs = model.bits(simplified), model.bits(traditional)
    assert abs(ours - theirs) < 0.15 * ours + 6
    assert model.simplified(model.start, traditional)[0] > ours + 20
    assert model.traditional(model.start, simplified)[0] > theirs + 20


@pytest.mark.parametrize(("simplified", "traditional"), PAIRS)
def test_script_is_told_by_the_characters(model: Model, simplified: str, traditional: str) -> None:
    assert model.script(simplified) == model.simplified
    assert model.script(traditional) == model.traditional
    assert model.bits(simplified) == model.simplified(model.start, simplified)[0]
    assert model.bits(traditional) == model.traditional(model.start, traditional)[0]


def test_script_without_evidence_is_simplified(model: Model) -> None:
    for text in ("", "plain words, 123", "一二三", "\ud800"):
        assert model.script(text) == model.simplified


def test_a_text_costs_the_sum_of_its_parts(model: Model) -> None:
    text = "我在2024年买了iPad，用着很好。\n你呢？"
    for at in range(len(text) + 1):
        begun, state = model.simplified(model.start, text[:at])
        rest, after = model.simplified(state, text[at:])
        whole, end = model.simplified(model.start, text)
        assert begun + rest == pytest.approx(whole)
        assert after == end
    assert model.simplified(model.start, "") == (0.0, model.start)
    assert model.simplified(model.start, "好\n")[1][2] == model.start[2]


def test_it_scores_fast(model: Model) -> None:
    text = "".join(simplified for simplified, _ in PAIRS) * 200
    seconds = min(spent(lambda: model.simplified(model.start, text)) for _ in range(4))
    assert len(text) / seconds > 250_000 / slowness()


# What the text itself teaches ----------------------------------------------------------------------------------------

PAGE = ["脱虚向实是一条路。", "要脱虚向实，向实处走。", "李木子和李木子的猫。", "木子说：向实处走！", "", "好"]
#: what the mixture takes off every character for which the text has nothing to say
SHARE = -log2(1 - sum(WEIGHTS))


def costs(step: Callable[[Any, str], tuple[float, Any]], start: Any, text: str) -> list[float]:
    found, state = [], start
    for char in text:
        bits, state = step(state, char)
        found.append(bits)
    return found


def test_what_was_said_is_cheaper(model: Model) -> None:
    step = Recent(PAGE).step(model.simplified, without=PAGE[0])
    assert step(model.start, "脱虚向实")[0] < model.simplified(model.start, "脱虚向实")[0] - 5
    assert step(model.start, "马上回家")[0] == pytest.approx(model.simplified(model.start, "马上回家")[0] + 4 * SHARE)


@pytest.mark.parametrize("line", PAGE)
def test_a_line_learns_nothing_from_itself(model: Model, line: str) -> None:
    alone = costs(Recent([line]).step(model.simplified, without=line), model.start, line)
    usual = costs(model.simplified, model.start, line)
    assert alone == pytest.approx([bits + SHARE for bits in usual])
    others = [other for other in PAGE if other != line]
    left_out = Recent(PAGE).step(model.simplified, without=line)
    never_in = Recent(others).step(model.simplified)
    for text in PAGE:
        assert costs(left_out, model.start, text) == costs(never_in, model.start, text)


def test_a_line_said_twice_learns_from_the_other(model: Model) -> None:
    line = PAGE[0]
    twice = Recent([line, line]).step(model.simplified, without=line)
    once = Recent([line]).step(model.simplified)
    assert costs(twice, model.start, line) == costs(once, model.start, line)
    assert sum(costs(twice, model.start, line)) < sum(costs(model.simplified, model.start, line))


@pytest.mark.parametrize("without", ["", *PAGE[:3]])
def test_no_more_is_given_away_than_there_is(model: Model, without: str) -> None:
    """The model's own share is `1 - sum(WEIGHTS)` of its total, 1. All else goes to characters of the page."""
    mixed = Recent(PAGE).step(model.simplified, without=without)
    rest = 1 - sum(WEIGHTS)
    said = sorted({*"".join(PAGE), *"马上回家x7 \n"})
    gained = []
    for line in [*PAGE, "马上回家"]:
        for at in range(len(line) + 1):
            _, state = mixed(model.start, line[:at])
            _, usual = model.simplified(model.start, line[:at])
            assert state[:3] == usual
            shares = [2 ** -mixed(state, c)[0] - rest * 2 ** -model.simplified(usual, c)[0] for c in said]
            assert min(shares) > -1e-9
            gained.append(sum(shares))
    assert 0 < max(gained) <= sum(WEIGHTS) + 1e-9


def test_the_mixture_may_be_asked_in_parts(model: Model) -> None:
    step = Recent(PAGE).step(model.simplified)
    whole, state = step(model.start, PAGE[1])
    for at in range(len(PAGE[1])):
        begun, between = step(model.start, PAGE[1][:at])
        rest, after = step(between, PAGE[1][at:])
        assert begun + rest == pytest.approx(whole)
        assert after == state


def test_the_mixture_is_deterministic(model: Model) -> None:
    first = costs(Recent(PAGE).step(model.simplified), model.start, "".join(PAGE))
    for page in (PAGE, PAGE[::-1]):
        assert costs(Recent(page).step(model.simplified), model.start, "".join(PAGE)) == first
