"""Many texts: in order, each as `fix` gives it back; errors with the number of the text; no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

import pytest

import mojifix
from mojifix import many
from mojifix.charsets import POLICIES

posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")

DAMAGED = POLICIES["gbk/cpython"].decode("请检查网络连接，然后重新启动程序。".encode())
TEXTS = ["好", DAMAGED, "", "plain", "\ud800", DAMAGED + "\n好"] * 40


@pytest.mark.parametrize("workers", [None, 1, 2])
def test_in_order_and_as_fix_has_it(workers: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "MOST", 7)
    assert [*mojifix.fix_many(TEXTS, workers=workers)] == [*map(mojifix.fix, TEXTS)]


def test_choices_travel() -> None:
    for guess in ("never", "always"):
        assert [*mojifix.fix_many([DAMAGED], workers=2, guess=guess)] == [mojifix.fix(DAMAGED, guess=guess)]


def test_processes_are_started_when_work_has_taken_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def in_order(function: object, items: Iterator[tuple[int, list[str], object]], workers: int) -> Iterator[list[str]]:
        for first, texts, _ in items:
            asked.append((first, len(texts), workers))
            yield texts

    monkeypatch.setattr(many, "in_order", in_order)
    monkeypatch.setattr(many, "cores", lambda: 3)
    assert len([*mojifix.fix_many(["好"] * 10)]) == 10
    assert asked == []
    monkeypatch.setattr(many, "PAYS", 1e-9)
    assert len([*mojifix.fix_many(["好"] * 10)]) == 10
    assert asked == [(1, 9, 3)]
    monkeypatch.setattr(many, "cores", lambda: 1)
    assert len([*mojifix.fix_many(["好"] * 10)]) == 10
    assert asked == [(1, 9, 3)]


def test_in_order_goes_on_in_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(many, "cores", lambda: 2)
    assert {*many.in_order(_process, range(5), None)} == {os.getpid()}
    monkeypatch.setattr(many, "PAYS", 0.0)
    first, *others = many.in_order(_process, range(5), None)
    assert first == os.getpid() and len(others) == 4 and first not in others
    monkeypatch.setattr(many, "cores", lambda: 1)
    assert {*many.in_order(_process, range(5), None)} == {os.getpid()}


def _process(_: int) -> int:
    return os.getpid()


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_names_the_text(workers: int) -> None:
    texts: list[Any] = ["好"] * 2500 + [b"x"] + ["好"] * 10
    results = mojifix.fix_many(texts, workers=workers)
    with pytest.raises(TypeError, match="text 2500: fix repairs text, but this is bytes"):
        list(results)


def test_wrong_number_of_workers() -> None:
    with pytest.raises(ValueError, match="workers must be 1 or more, or None, not 0"):
        mojifix.fix_many([], workers=0)


def test_endless_texts_are_read_as_needed() -> None:
    read = 0

    def texts() -> Iterator[str]:
        nonlocal read
        for number in count():
            read = number
            yield "好" * 1000

    results = mojifix.fix_many(texts(), workers=2)
    assert [*islice(results, 3)] == ["好" * 1000] * 3
    results.close()  # type: ignore[attr-defined]
    assert read < 1000


def alive(processes: list[subprocess.Popen[bytes]]) -> bool:
    return any(process.poll() is None for process in processes)


def test_workers_end_with_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    started, start = [], many._start
    monkeypatch.setattr(many, "_start", lambda: started.append(start()) or started[-1])  # type: ignore[func-returns-value]
    results = many.in_order(len, iter(lambda: "a", ""), 2)
    assert next(results) == 1 and alive(started)
    results.close()  # type: ignore[attr-defined]
    assert len(started) == 2 and not alive(started)


def test_a_killed_worker_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuntimeError, match="a worker process ended with status 7: out of memory"):
        list(many.in_order(os._exit, [7], 2))


SCRIPT = """
    import sys, mojifix
    print("ready", flush=True)  # no `if __name__ == "__main__"`
    for text in mojifix.fix_many(iter(lambda: "好" * 1000, ""), workers=2):
        print(text[:1], flush=True)
"""


@posix
def test_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, tmp_path / "script.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout and process.stderr
    with process:
        assert [process.stdout.readline() for _ in range(3)][1:] == ["好\n".encode()] * 2
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        process.stdout.read()
        error = process.stderr.read().decode()  # ends when no worker holds it any more
        assert process.wait(timeout=30) in (1, -signal.SIGINT)
    assert error.count("Traceback") == 1 and error.endswith("KeyboardInterrupt\n")


@posix
def test_workers_do_not_outlive_a_killed_caller(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(textwrap.dedent(SCRIPT), encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, tmp_path / "script.py"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout and process.stderr
        process.stdout.readline(), process.stdout.readline()
        process.kill()
        start = time.monotonic()
        process.stderr.read()  # the workers hold the other end
        assert time.monotonic() - start < 20
