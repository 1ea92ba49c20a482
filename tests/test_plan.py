"""Laws of plans: JSON keeps them, replay does what they say, and what is not a plan is refused with a reason."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mojifix.plan import FORMAT, Damage, Edit, Guess, Plan, Repair, Step, replay

# All of Unicode, lone surrogates and halves of a pair side by side included: a str may hold them.
any_text = st.text(st.characters(codec=None, exclude_categories=()))
surrogate_text = st.text(st.sampled_from("\ud83d\ude00\udc80a向"))


@st.composite
def steps(draw: st.DrawFn, length: int = 1000) -> Step:
    offsets = sorted(draw(st.lists(st.integers(0, length), max_size=12)))
    if len(offsets) % 2:
        offsets.pop()
    texts = draw(st.lists(any_text | surrogate_text, min_size=len(offsets) // 2, max_size=len(offsets) // 2))
    edits = zip(offsets[::2], offsets[1::2], texts, strict=True)
    return Step(draw(st.text()), tuple(Edit(start, end, text) for start, end, text in edits))


plans = st.builds(Plan, st.lists(steps(), max_size=3).map(tuple))


def edit_by_hand(source: str, step: Step) -> str:
    for edit in reversed(step.edits):
        source = source[: edit.start] + edit.text + source[edit.end :]
    return source


@given(plans)
def test_json_round_trip(plan: Plan) -> None:
    assert Plan.from_json(plan.to_json()) == plan


@given(plans)
def test_json_can_be_written_as_utf8_and_is_one_line(plan: Plan) -> None:
    assert b"\n" not in plan.to_json().encode("utf-8")


def test_json_is_readable() -> None:
    plan = Plan((Step("pinyin", (Edit(1, 6, ""), Edit(7, 8, "。"))),))
    assert plan.to_json() == '{"mojifix":1,"steps":[{"channel":"pinyin","edits":[[1,6,""],[7,8,"。"]]}]}'


@given(st.data())
def test_replay_is_slicing_by_hand(data: st.DataObject) -> None:
    source = expected = data.draw(any_text)
    done = []
    for _ in range(data.draw(st.integers(0, 3))):
        step = data.draw(steps(len(expected)))
        expected = edit_by_hand(expected, step)
        done.append(step)
    assert replay(source, Plan(tuple(done))) == expected


@given(any_text)
def test_empty_plan_is_the_identity(source: str) -> None:
    assert replay(source, Plan()) is source
    assert replay(source, Plan((Step("pinyin", ()),))) is source


def test_plan_is_false_when_nothing_is_done() -> None:
    assert not Plan()
    assert not Plan((Step("pinyin", ()),))
    assert Plan((Step("pinyin", ()), Step("script", (Edit(0, 0, "a"),))))


def test_plan_of_another_text() -> None:
    plan = Plan((Step("pinyin", (Edit(2, 5, ""),)),))
    assert replay("12345", plan) == "12"
    with pytest.raises(ValueError, match=r"belongs to another text: step 'pinyin' edits up to offset 5.*ends at 4"):
        replay("1234", plan)


@pytest.mark.parametrize(("start", "end"), [(-1, 0), (3, 2)])
def test_impossible_edit(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="0 <= start <= end"):
        Edit(start, end, "")


def test_overlap_is_refused_and_touching_is_not() -> None:
    Step("pinyin", (Edit(0, 2, ""), Edit(2, 2, "a"), Edit(2, 3, "b")))
    with pytest.raises(ValueError, match="edit 2 of step 'pinyin' starts at 1, but the edit before it ends at 2"):
        Step("pinyin", (Edit(0, 2, ""), Edit(1, 3, "")))


def as_json(*edits: object) -> str:
    return json.dumps({"mojifix": FORMAT, "steps": [{"channel": "pinyin", "edits": edits}]})


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "should be an object with 'mojifix'"),
        ("{}", "'mojifix' of the plan should be a whole number, but is None"),
        ('{"mojifix": true}', "'mojifix' of the plan should be a whole number"),
        ('{"mojifix": 2, "steps": []}', "format 2, but this mojifix reads format 1"),
        ('{"mojifix": 1}', "'steps' of the plan should be a list"),
        ('{"mojifix": 1, "steps": [3]}', "step 1 is 3, but should be an object"),
        ('{"mojifix": 1, "steps": [{"edits": []}]}', "'channel' of step 1 should be a string"),
        ('{"mojifix": 1, "steps": [{"channel": "pinyin"}]}', "'edits' of step 1 should be a list"),
        (as_json({}), r"edit 1 of step 1 is \{\}, but should be \[start, end, text\]"),
        (as_json([0, 1]), "edit 1 of step 1"),
        (as_json([0, True, "a"]), "edit 1 of step 1"),
        (as_json([0, 1.0, "a"]), "edit 1 of step 1"),
        (as_json([0, 1, "a", 2]), "edit 1 of step 1"),
        (as_json([0, 1, "a" * 100, None]), r"edit 1 of step 1 is .{37}\.\.\., but"),
        (as_json([2, 1, "a"]), "0 <= start <= end"),
        (as_json([0, 2, "a"], [1, 3, "b"]), "do not overlap"),
        (as_json([5, 6, "a"], [0, 1, "b"]), "sorted"),
    ],
)
def test_what_is_not_a_plan_is_refused_with_a_reason(source: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Plan.from_json(source)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda j: st.lists(j) | st.dictionaries(st.text(), j)
    )
)
def test_any_json_is_a_plan_or_a_value_error(data: object) -> None:
    for source in (json.dumps(data), as_json(data), json.dumps({"mojifix": FORMAT, "steps": data})):
        try:
            plan = Plan.from_json(source)
        except ValueError:
            continue
        assert Plan.from_json(plan.to_json()) == plan


def test_repair_as_json() -> None:
    plan = Plan((Step("pinyin", (Edit(1, 6, ""),)),))
    repair = Repair(
        text="好的\udc80",
        plan=plan,
        guesses=(Guess(1, "的", 0.75, (("地", 0.125), ("得", 0.125))),),
        damage=(Damage(0, 6, "pinyin", 42.5),),
    )
    data = json.loads(repair.to_json())
    assert data == {
        "mojifix": 1,
        "text": "好的\udc80",
        "encoding": None,
        "damage": [{"start": 0, "end": 6, "channel": "pinyin", "bits": 42.5}],
        "guesses": [{"start": 1, "text": "的", "probability": 0.75, "alternatives": [["地", 0.125], ["得", 0.125]]}],
        "plan": {"mojifix": 1, "steps": [{"channel": "pinyin", "edits": [[1, 6, ""]]}]},
    }
    assert Plan.from_json(json.dumps(data["plan"])) == plan
    assert "好的" in repair.to_json()


# One repair, and then another ----------------------------------------------------------------------------------------


def test_findings_of_the_second_repair_are_told_in_the_first_input() -> None:
    """Through a step that shortens, one that lengthens, and one that does both."""
    found = (Damage(3, 4, "two", 20.0),)
    second = Repair("", Plan((Step("two", (Edit(3, 4, "X"),)),)), damage=found)

    def told(*edits: Edit) -> list[tuple[int, int]]:
        first = Repair("abcdefgh", Plan((Step("one", edits),)))
        return [(damage.start, damage.end) for damage in first.then(second).damage]

    assert told(Edit(0, 2, "")) == [(5, 6)]
    assert told(Edit(0, 0, "ab")) == [(1, 2)]
    assert told(Edit(1, 5, "bcde")) == [(1, 5)]  # within an edit: all that it replaced
    assert told(Edit(0, 4, "a"), Edit(6, 6, "xy")) == [(6, 6)]  # what was inserted
    assert told(Edit(4, 8, "")) == [(3, 4)]
    assert told(Edit(3, 3, "")) == told() == [(3, 4)]


def test_guesses_of_the_first_repair_move_with_the_second() -> None:
    first = Repair("abcdef", Plan((Step("one", (Edit(0, 1, "a"),)),)), (Guess(1, "b", 0.9), Guess(4, "e", 0.8)))

    def left(*edits: Edit) -> list[tuple[int, str]]:
        then = first.then(Repair("", Plan((Step("two", edits),)), (Guess(0, "*", 0.5),)))
        return [(guess.start, guess.text) for guess in then.guesses]

    assert left(Edit(2, 3, "")) == [(0, "*"), (1, "b"), (3, "e")]
    assert left(Edit(0, 0, "xy")) == [(0, "*"), (3, "b"), (6, "e")]
    assert left(Edit(1, 2, "B")) == [(0, "*"), (1, "B"), (4, "e")]  # changed, character by character
    assert left(Edit(1, 2, "long")) == [(0, "*"), (7, "e")]  # no telling which of them it is
    assert left(Edit(5, 6, "")) == [(0, "*"), (1, "b"), (4, "e")]


def test_nothing_and_then_something_and_the_other_way_round() -> None:
    done = Repair("b", Plan((Step("one", (Edit(0, 1, "b"),)),)), (Guess(0, "b", 0.9),), (Damage(0, 1, "one", 20.0),))
    assert done.then(Repair("b")) is done
    assert Repair("a").then(done) == done


@st.composite
def repairs(draw: st.DrawFn, source: str) -> Repair:
    """A repair of a text, with findings anywhere in it and guesses anywhere in what it makes of it."""
    plan = Plan(tuple(draw(st.lists(steps(len(source)), max_size=1))))
    text = replay(source, plan)
    places = st.integers(0, len(source))
    damage = [Damage(at, draw(st.integers(at, len(source))), "one", 20.0) for at in draw(st.lists(places, max_size=3))]
    marked = draw(st.sets(st.integers(0, len(text) - 1), max_size=3)) if text else ()
    guesses = [Guess(at, text[at], 0.9) for at in marked]
    return Repair(text, plan, tuple(guesses), tuple(damage))


@given(st.data())
def test_repairs_one_after_the_other_are_one_repair(data: st.DataObject) -> None:
    source = data.draw(st.text(max_size=20))
    combined, last = Repair(source), source
    findings = 0
    for _ in range(data.draw(st.integers(1, 4))):
        repair = data.draw(repairs(last))
        if repair.plan:
            findings += len(repair.damage)
            last = repair.text
        combined = combined.then(repair)
    assert combined.text == last == replay(source, combined.plan)
    assert len(combined.damage) == findings
    assert all(0 <= damage.start <= damage.end <= len(source) for damage in combined.damage)
    assert all(last.startswith(guess.text, guess.start) for guess in combined.guesses)
    assert [guess.start for guess in combined.guesses] == sorted(guess.start for guess in combined.guesses)


def test_the_room_needs_only_the_standard_library() -> None:
    code = "import sys, mojifix.plan; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"ftfy", "opencc", "chardet", "numpy"} & set(loaded)
