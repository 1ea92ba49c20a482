"""The best reading of a lattice: against every path where there are few, and in time where there are many."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from clock import linear

from mojifix import cells, search
from mojifix.cells import LEAST
from mojifix.charsets import LOST, POLICIES, Arc
from mojifix.lattice import Lattice, read
from mojifix.model import Model, Recent, load
from mojifix.model.alphabet import MEMBER_BITS
from mojifix.plan import Guess
from mojifix.search import BEAM, SLACK, Reading, best_reading


@pytest.fixture(scope="module")
def model() -> Model:
    return load()


# Every path ----------------------------------------------------------------------------------------------------------

Edge = tuple[int, Arc]


def prefixes(lattice: Lattice) -> list[list[tuple[Edge, ...]]]:
    """For each node, every way to it; of an arc with lost characters, each one is an edge."""
    found: list[list[tuple[Edge, ...]]] = [[] for _ in lattice.arcs]
    found[0].append(())
    for node, ways in enumerate(lattice.arcs):
        for text, to, bits, lost in ways:
            for piece in text if lost else (text,):
                found[to] += [(*way, (node, (piece, to, bits, lost))) for way in found[node]]
    return found


def text_of(path: tuple[Edge, ...]) -> str:
    return "".join(arc[0] for _, arc in path)


def extra_of(path: tuple[Edge, ...]) -> float:
    return sum((arc[2] for _, arc in path), 0.0)


def nothing_is_cut(lattice: Lattice, model: Model) -> bool:
    """Whether neither `BEAM` nor `SLACK` can end a path before the last node."""
    for ways in prefixes(lattice):
        costs = [extra_of(way) + model.simplified(model.start, text_of(way))[0] for way in ways]
        if len(ways) > BEAM or max(costs) > min(costs) + SLACK / 2:  # the model looks ahead before it cuts
            return False
    return True


def random_lattice(choose: random.Random) -> Lattice:
    """Some known characters and some choices between common ones, at a cost or none; here and there nothing."""
    lattice = Lattice()
    for _ in range(choose.randrange(1, 6)):
        if choose.random() < 0.5:
            lattice.then("".join(choose.choices("我们他在学校里看书吃饭，天气很好", k=choose.randrange(1, 3))))
            continue
        ways = lattice.arcs[-1]
        for _ in range(choose.randrange(1, 3)):
            chars = "".join(sorted(set(choose.choices("的地得在再做作他她是有不了", k=choose.randrange(1, 4)))))
            ways.append((chars, len(lattice.arcs), choose.choice([0.0, 0.0, 1.5, 4.0]), True))
        if choose.random() < 0.3:
            ways.append(("", len(lattice.arcs), choose.choice([2.0, 5.0]), False))
        lattice.arcs.append([])
    return lattice


Expected = list[tuple[int, str, float, list[tuple[float, str]]]]


def all_readings(lattice: Lattice, model: Model) -> tuple[float, list[tuple[str, Expected]]]:
    """The least cost of any path; of those that cost it, text and guesses (offset, text, probability, others)."""
    paths = prefixes(lattice)[-1]
    costs = [extra_of(path) + model.simplified(model.start, text_of(path) + "\n")[0] for path in paths]
    least = min(costs)
    shares: dict[tuple[int, str], float] = {}
    for path, cost in zip(paths, costs, strict=True):
        for node, arc in path:
            shares[node, arc[0]] = shares.get((node, arc[0]), 0.0) + 2.0 ** (least - cost)
    total = sum(2.0 ** (least - cost) for cost in costs)

    def guesses(path: tuple[Edge, ...]) -> Iterator[tuple[int, str, float, list[tuple[float, str]]]]:
        for at, (node, arc) in enumerate(path):
            if arc[3]:
                others = [(p / total, c) for (n, c), p in shares.items() if n == node and c != arc[0]]
                yield len(text_of(path[:at])), arc[0], shares[node, arc[0]] / total, sorted(others, reverse=True)

    best = [path for path, cost in zip(paths, costs, strict=True) if cost < least + 1e-9]
    return least, [(text_of(path), list(guesses(path))) for path in best]


def is_a_guess(guess: Guess, start: int, text: str, probability: float, others: list[tuple[float, str]]) -> bool:
    listed = [p for p, _ in others if p >= LEAST][: cells.ALTERNATIVES]
    return (
        (guess.start, guess.text) == (start, text)
        and abs(guess.probability - probability) < 1e-6
        and len(guess.alternatives) == len(listed)
        and all(abs(p - q) < 1e-6 for (_, p), q in zip(guess.alternatives, listed, strict=True))
        and all(any(c == other and abs(p - q) < 1e-6 for q, other in others) for c, p in guess.alternatives)
    )


def check_against_every_path(lattice: Lattice, model: Model, reading: Reading) -> None:
    least, best = all_readings(lattice, model)
    assert reading.bits == pytest.approx(least, abs=1e-6)
    assert reading.text in {text for text, _ in best}
    assert any(
        text == reading.text
        and len(guesses) == len(reading.guesses)
        and all(is_a_guess(guess, *other) for guess, other in zip(reading.guesses, guesses, strict=True))
        for text, guesses in best
    ), (reading, best)


def test_the_beam_finds_what_trying_every_path_finds(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "SURE", 0.0)
    choose = random.Random(17)
    tried = 0
    while tried < 80:
        lattice = random_lattice(choose)
        if nothing_is_cut(lattice, model):
            tried += 1
            check_against_every_path(lattice, model, best_reading(lattice, model, step=model.simplified))


def test_what_is_cut_is_worse(model: Model) -> None:
    """With more ways than the beam holds the best one is found none the less, and the guesses stay probabilities."""
    lattice = Lattice.line("今天")
    for chars in ("天夭夫大", "气汽乞吃", "很狠恨银", "好奶如妈", "我找伐成", "们门问间"):
        lattice.branch(chars)
    reading = best_reading(lattice, model, step=model.simplified)
    paths = prefixes(lattice)[-1]
    assert len(paths) > BEAM
    least = min(model.simplified(model.start, text_of(path) + "\n")[0] for path in paths)
    assert reading.bits == pytest.approx(least)
    assert reading.text == "今天天气很好我们"
    for guess in reading.guesses:
        assert guess.probability > 0.5
        assert guess.probability + sum(p for _, p in guess.alternatives) < 1 + 1e-9


# Small lattices ------------------------------------------------------------------------------------------------------


def test_the_empty_text(model: Model) -> None:
    reading = best_reading(Lattice(), model)
    assert (reading.text, reading.guesses) == ("", ())
    assert reading.bits == pytest.approx(model.bits("\n"))
    assert best_reading(Lattice.line(""), model) == reading
    assert best_reading(read([], "utf-8"), model) == reading


@pytest.mark.parametrize("text", ["天", "今天天气很好。", "今天天氣很好，我們去公園。", "plain", "一\ud800二", "\n"])
def test_a_text_without_choice(model: Model, text: str) -> None:
    reading = best_reading(Lattice.line(text), model)
    assert (reading.text, reading.guesses) == (text, ())
    assert reading.bits == pytest.approx(model.bits(text + "\n"))
    apart = Lattice()
    for char in text:
        apart.then(char)
    assert best_reading(apart, model) == reading


def test_a_choice_of_one_is_a_guess_that_is_sure(model: Model) -> None:
    (guess,) = best_reading(Lattice.line("天").branch("气").then("好"), model).guesses
    assert (guess.start, guess.text, guess.alternatives) == (1, "气", ())
    assert guess.probability == pytest.approx(1.0)


def test_an_unreadable_byte_is_no_guess(model: Model) -> None:
    reading = best_reading(read(["今天".encode() + b"\xff"], "utf-8"), model)
    assert (reading.text, reading.guesses) == ("今天\ufffd", ())


def test_nothing_may_be_chosen(model: Model) -> None:
    """An arc of no text, alone, before another, and at either end."""
    for where in range(4):
        lattice = Lattice()
        for at, text in enumerate(("今天天", "气很好", "。")):
            if at == where:
                lattice.arcs[-1].append(("", len(lattice.arcs), 0.0, False))
                lattice.branch("龘鼋")
            lattice.then(text)
        if where == 3:
            lattice.arcs[-1].append(("", len(lattice.arcs), 0.0, False))
            lattice.branch("龘鼋")
        reading = best_reading(lattice, model)
        assert (reading.text, reading.guesses) == ("今天天气很好。", ())
        check_against_every_path(lattice, model, best_reading(lattice, model, step=model.simplified))


def test_a_lattice_of_nothing_but_nothing(model: Model) -> None:
    lattice = Lattice([[("", 1, 3.0, False), ("", 2, 1.0, False)], [("", 2, 1.0, False)], []])
    reading = best_reading(lattice, model)
    assert (reading.text, reading.guesses) == ("", ())
    assert reading.bits == pytest.approx(1.0 + model.bits("\n"))


def test_arcs_may_pass_over_nodes(model: Model) -> None:
    first: list[Arc] = [("今", 1, 0.0, False), ("昨天", 2, 0.0, False)]
    lattice = Lattice([first, [("天年", 2, 0.0, True)], [("好", 3, 0.0, False)], []])
    reading = best_reading(lattice, model, step=model.simplified)
    check_against_every_path(lattice, model, reading)
    assert reading.text in ("今天好", "昨天好")
    dear = Lattice([[("今", 1, 30.0, False), *lattice.arcs[0][1:]], *lattice.arcs[1:]])
    assert best_reading(dear, model).text == "昨天好"


def test_costs_of_arcs_count(model: Model) -> None:
    def choice(bits: float) -> Reading:
        ways: list[Arc] = [("他", 1, bits, True), ("她", 1, 0.0, True)]
        return best_reading(Lattice([ways, [("是我的老师。", 2, 0.0, False)], []]), model)

    def odds(reading: Reading) -> float:
        (guess,) = reading.guesses
        chances = {guess.text: guess.probability, **dict(guess.alternatives)}
        return chances["他"] / chances["她"]

    assert odds(choice(3.0)) == pytest.approx(odds(choice(0.0)) / 8)
    assert (choice(-40.0).text[0], choice(40.0).text[0]) == ("他", "她")


def test_what_follows_matters(model: Model) -> None:
    lattice = Lattice.line("我喜欢吃香蕉").branch("、。")
    assert best_reading(lattice, model).text[-1] == "。"
    assert best_reading(lattice, model, then="苹果和梨").text[-1] == "、"
    whole = best_reading(Lattice.line("我喜欢吃香蕉").branch("、。").then("苹果"), model, then="和梨")
    apart = best_reading(lattice, model, then="苹果和梨")
    assert (whole.text, len(whole.guesses)) == (apart.text + "苹果", 1)
    for one, other in zip(whole.guesses, apart.guesses, strict=True):  # what was cut off is estimated, sooner or later
        assert (one.start, one.text) == (other.start, other.text)
        assert one.probability == pytest.approx(other.probability, abs=2.0**-search.SLACK)
    assert whole.bits == pytest.approx(apart.bits)


def test_what_stands_before_matters(model: Model) -> None:
    lattice = Lattice().branch("气汽").then("很")
    for before, expected in (("今天的天", "气"), ("我买了一辆新的", "汽")):
        _, state = model.simplified(model.start, before)
        then = "好。" if expected == "气" else "车。"
        reading = best_reading(Lattice().branch("气汽"), model, start=state, then=then)
        assert reading.text == expected
        assert (reading.guesses[0].start, reading.guesses[0].probability > 0.9) == (0, True)
    _, state = model.simplified(model.start, "今天的天")
    whole = best_reading(Lattice.line("今天的天").branch("气汽").then("很"), model)
    rest = best_reading(lattice, model, start=state)
    assert whole.text == "今天的天" + rest.text
    assert whole.bits == pytest.approx(model.bits("今天的天") + rest.bits)


def test_the_script_is_that_of_the_known_text(model: Model) -> None:
    assert best_reading(Lattice.line("我們").branch("说說").then("話"), model).text == "我們說話"
    assert best_reading(Lattice.line("我们").branch("说說").then("话"), model).text == "我们说话"


def test_a_step_that_knows_more_is_asked(model: Model) -> None:
    lattice = Lattice.line("我找到了").branch("王李").then("木子。")
    usual = best_reading(lattice, model, step=model.simplified)
    other = {"李": "王", "王": "李"}[usual.text[4]]
    page = Recent([f"{other}木子来了，{other}木子走了"] * 4 + [f"我找到了{other}"] * 4)
    assert best_reading(lattice, model, step=page.step(model.simplified)).text[4] == other


def test_more_characters_than_are_looked_at(model: Model) -> None:
    """A hole that may be anything still gives the likeliest, and the alternatives are few."""
    chars = "".join(map(chr, range(0x4E00, 0x9FA6)))
    reading = best_reading(Lattice.line("中华人民共和").branch(chars).then("成立了。"), model)
    assert reading.text == "中华人民共和国成立了。"
    assert len(reading.guesses[0].alternatives) <= cells.ALTERNATIVES


@pytest.mark.parametrize(("before", "after"), [("我们去吃火", "，好吗？"), ("他在图书", "看书")])
def test_context_says_which_characters_are_looked_at(model: Model, before: str, after: str) -> None:
    """Of all hanzi, 锅 or 馆 are not among the commonest."""
    chars = "".join(map(chr, range(0x4E00, 0x9FA6)))
    every = [(model.simplified(model.start, before + char + after + "\n")[0], char) for char in chars]
    reading = best_reading(Lattice.line(before).branch(chars).then(after), model, step=model.simplified)
    least, best = min(every)
    assert reading.text == before + best + after
    assert reading.bits == pytest.approx(least)
    share = 1 / sum(2.0 ** (least - bits) for bits, _ in every)
    assert reading.guesses[0].probability == pytest.approx(share, abs=0.1)


# What is lost --------------------------------------------------------------------------------------------------------


def lost(lattice: Lattice, bits: float) -> Lattice:
    """The lattice, and then a character of which nothing is known."""
    lattice.arcs[-1].append((LOST, len(lattice.arcs), bits, False))
    lattice.arcs.append([])
    return lattice


def test_a_lost_character_costs_what_its_arc_costs(model: Model) -> None:
    reading = best_reading(lost(Lattice.line("今天"), 9.5).then("气很好。"), model)
    before, _ = model.simplified(model.start, "今天")
    behind, _ = model.simplified(model.unknown, "气很好。\n")
    assert (reading.text, reading.guesses) == (f"今天{LOST}气很好。", ())
    assert reading.bits == pytest.approx(before + 9.5 + behind)
    within = Lattice([[(f"今天{LOST}气很好。", 1, 9.5, False)], []])
    assert best_reading(within, model).bits == pytest.approx(reading.bits)
    several = best_reading(lost(lost(Lattice.line("今天"), 9.5), 9.5).then("气很好。"), model)
    assert several.bits == pytest.approx(reading.bits + 9.5)
    ahead = best_reading(Lattice.line("今天"), model, then=f"{LOST}气很好。\n")
    assert ahead.bits == pytest.approx(reading.bits - 9.5)


def test_behind_a_lost_character_any_hanzi_may_have_stood(model: Model) -> None:
    _, state = model.simplified(model.unknown, "")
    assert state == model.unknown
    for char in "的气我，a7\n":
        bits, state = model.simplified(model.unknown, char)
        assert model.unigram(char) <= bits <= model.unigram(char) + max(MEMBER_BITS)
        assert state[:2] == (-1, -1)
    known, _ = model.simplified(model.start, "天气")
    alone, _ = model.simplified(model.simplified(model.unknown, "天")[1], "气")
    assert alone < model.simplified(model.unknown, "气")[0] < known + 20


def test_lost_is_weighed_against_what_it_may_have_been(model: Model) -> None:
    """What the context makes sure of is restored; what it does not stays lost, in the right number."""

    def either(before: str, after: str, bits: float = 9.5) -> Reading:
        lattice = Lattice.line(before).branch("气汽齐妻戚")
        lattice.arcs[-2].append((LOST, len(lattice.arcs) - 1, bits, False))
        return best_reading(lattice.then(after), model)

    (guess,) = either("今天天", "很好。").guesses
    assert (guess.text, guess.probability > 0.9) == ("气", True)
    assert either("我有一", "书。").text == f"我有一{LOST}书。"


# Long ones -----------------------------------------------------------------------------------------------------------


def test_the_same_in_every_process(model: Model) -> None:
    code = """
from mojifix.charsets import POLICIES
from mojifix.lattice import read
from mojifix.model import load
from mojifix.search import best_reading
policy = POLICIES["gbk/cpython"]
text = "今天天气很好，我们一起去公园吧。她说：“好啊，带上水和面包！”"
for policy in (policy, POLICIES["cp936/windows"]):
    print(ascii(best_reading(read(policy.pattern(policy.decode(text.encode())), "utf-8"), load())))
"""
    runs = [
        subprocess.run(
            [sys.executable, "-W", "error", "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1", "77")
    ]
    assert "Guess" in runs[0]
    assert runs[0] == runs[1] == runs[2]


SENTENCE = "今天天气很好，我们一起去公园吧。"


def many_holes(number: int) -> Lattice:
    policy = POLICIES["gbk/cpython"]
    return read(policy.pattern(policy.decode((SENTENCE * number).encode())), "utf-8")


def never_decided(number: int) -> Lattice:
    """Choices without a known character between them."""
    lattice = Lattice()
    for char in SENTENCE * number:
        lattice.branch(char + "的了")
    return lattice


def known_and_nothing(number: int) -> Lattice:
    lattice = Lattice()
    for char in SENTENCE * number:
        lattice.arcs[-1].append(("", len(lattice.arcs), 0.0, False))
        lattice.then(char)
    return lattice


@pytest.mark.parametrize(
    ("make", "size"),
    [(many_holes, 25), (never_decided, 5), (known_and_nothing, 10), (lambda n: Lattice.line(SENTENCE * n), 1000)],
    ids=["holes", "choices", "nothing", "text"],
)
def test_time_is_linear(model: Model, make: Callable[[int], Lattice], size: int) -> None:
    one, four = make(size), make(4 * size)
    assert linear(lambda: best_reading(one, model), lambda: best_reading(four, model))


def test_what_is_not_sure_is_left_lost(model: Model) -> None:
    reading = best_reading(
        Lattice.line("他叫").branch("王李张刘").then("木子，今天天").branch("气汽").then("很好"), model
    )
    name, weather = reading.guesses
    assert name.probability < 0.9 < weather.probability
    assert reading.settled(0.0) == (reading.text, reading.guesses)
    assert reading.settled(0.9) == ("他叫\ufffd木子，今天天气很好", (weather,))
    assert reading.settled(1.1) == ("他叫\ufffd木子，今天天\ufffd很好", ())


def test_long_text_is_restored(model: Model) -> None:
    reading = best_reading(many_holes(40), model)
    assert len(reading.guesses) > 40
    assert all(reading.text.startswith(guess.text, guess.start) for guess in reading.guesses)
    right = sum(a == b for a, b in zip(reading.text, SENTENCE * 40, strict=True))
    assert right > 0.98 * len(reading.text)
