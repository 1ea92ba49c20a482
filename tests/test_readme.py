"""README.md does not lie: its commands are the ones that are run, its examples are what comes out."""

from __future__ import annotations

import doctest
import re
import shlex
from pathlib import Path

import pytest

import mojifix
from mojifix.cli.arguments import parse

ROOT = Path(__file__).parents[1]
DOCS = [*(ROOT / "docs").glob("*.md")]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SEED = ROOT / "seeds" / "000_30b5b154e1590d09.txt"


def commands() -> list[str]:
    """The lines of README.md's shell blocks that do their own set-up."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line.startswith("python3 -m venv")]


def test_there_are_two_commands_and_ci_runs_the_second() -> None:
    seed, test = commands()
    assert seed.endswith(f"mojifix {SEED.relative_to(ROOT).as_posix()}")
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert script[-1] == test
    assert [line for line in script if not line.startswith(("#", "set -e", "cd "))] == [test]


@pytest.mark.parametrize(("block", "suffix"), [("before", ".txt"), ("after", ".expected.txt")])
def test_before_and_after_stand_in_the_seed_page(block: str, suffix: str) -> None:
    match = re.search(rf"<!-- {block} -->\n```text\n(.*?)```", README, re.DOTALL)
    assert match is not None
    page = SEED.with_suffix(suffix).read_text(encoding="utf-8")
    for line in match[1].splitlines():
        assert line in page


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/library.md"])
def test_python_examples(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testfile(str(ROOT / page), module_relative=False, encoding="utf-8")
    assert found.attempted and not found.failed


def test_the_front_page_is_short() -> None:
    """One screen of a browser, or so; what it cannot hold is in docs/."""
    assert len(README.splitlines()) <= 100


@pytest.mark.parametrize("page", ["README.zh.md", "docs/damage.md"])
def test_kinds_of_damage_are_repaired_as_shown(page: str) -> None:
    rows = re.findall(r"^\|.*\| `([^`]+)` \| `([^`]+)` \|$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)
    assert len(rows) >= 8
    assert [mojifix.fix(damaged) for damaged, _ in rows] == [repaired for _, repaired in rows]


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/command.md", "docs/pipelines.md"])
def test_commands_are_understood(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(?:sh|text)\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    commands = [line for line in lines if line.startswith("mojifix ")]
    assert commands
    for line in commands:
        command = re.split(r"  +|\s#|\s[|>] ", line)[0]
        assert parse(shlex.split(command)[1:]).run


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "CONTRIBUTING.md", *sorted(p.name for p in DOCS)])
def test_links_lead_somewhere(page: str) -> None:
    path = ROOT / "docs" / page if page in {p.name for p in DOCS} else ROOT / page
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
        assert target.startswith("http") or (path.parent / target).exists(), target
