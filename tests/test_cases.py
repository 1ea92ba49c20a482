"""Labelled cases in `tests/cases/*.json`: text as it is found, and as it should come back.

* `*_wild.json`: damage in the manner of real pages; `damaged` must become `expected`;
* `*_negative.json`: text that is as its author wants it; it must come back as the same object;
* `*_known_failures.json`: what does not work yet. The day it does, the case fails here and moves to the first file.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import mojifix

CASES = Path(__file__).parent / "cases"


def cases(ending: str) -> Sequence[object]:
    found = [
        pytest.param(case, id=f"{path.stem}: {case['label']}")
        for path in sorted(CASES.glob(f"*_{ending}.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]
    assert found
    return found


@pytest.mark.parametrize("case", cases("wild"))
def test_wild(case: dict[str, str]) -> None:
    assert mojifix.fix(case["damaged"]) == case["expected"]


@pytest.mark.parametrize("case", cases("negative"))
def test_negative(case: dict[str, str]) -> None:
    assert mojifix.fix(case["text"]) is case["text"]


@pytest.mark.parametrize("case", cases("known_failures"))
@pytest.mark.xfail(strict=True)
def test_known_failures(case: dict[str, str]) -> None:
    assert mojifix.fix(case["damaged"]) == case["expected"]
