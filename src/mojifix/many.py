"""Many texts at once: in order, in processes where that pays.

A worker is a Python of its own that reads tasks from a pipe, and not a fork nor a copy of the caller's `__main__`:
callers have threads, and scripts without `if __name__ == "__main__"`. It ends when its pipe does, so none is left
behind, whatever happens to the caller; and Ctrl-C is the caller's alone.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from itertools import chain
from math import inf
from time import perf_counter, process_time
from typing import Any, BinaryIO, TypeVar

from mojifix.repair import Guessing, Script, fix

Item = TypeVar("Item")
Result = TypeVar("Result")

#: seconds of work in this process before others are started. Two workers are ready to repair 0.5 s after that
#: (interpreter, imports, model): so no call takes much longer than it would have taken alone
PAYS = 1.0
#: characters, and texts, that go to a worker at a time: some 10 ms of clean text, and of damage a few seconds
BATCH, MOST = 1 << 16, 1000
#: batches under way for each worker: one that it works on and one that waits
AHEAD = 2
#: seconds in which a worker that is stopped must have put away what it had begun: a file half written, say
GRACE = 5.0
_SERVE = "from mojifix.many import serve; serve()"


def fix_many(
    texts: Iterable[str], *, workers: int | None = None, guess: Guessing = "likely", script: Script = "restore"
) -> Iterator[str]:
    """Each text as `fix` gives it back, in order, as soon as it is there. `texts` may be endless: it is read as needed.

    `workers` is the number of processes; 1 is this one. By default there is one for each core, as soon as the work has
    taken a second, and none within a worker process of somebody else. An error names the text, counted from 0.

    >>> [*fix_many(["浣犲ソ锛屼笘鐣屻€", "好"])]
    ['你好，世界。', '好']
    >>> [*fix_many(["a", None])]
    Traceback (most recent call last):
    TypeError: text 1: mojifix repairs text, but this is NoneType: give it a str
    """
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be 1 or more, or None, not {workers}")
    return _fix_many(iter(texts), workers, {"guess": guess, "script": script})


def _fix_many(texts: Iterator[str], workers: int | None, choices: dict[str, Any]) -> Iterator[str]:
    limit = PAYS if workers is None and cores() > 1 else inf if workers in (1, None) else 0.0
    spent = 0.0
    for number, text in enumerate(texts):
        if spent >= limit:
            batches = _batches(chain([text], texts), number, choices)
            for results in in_order(_fix_batch, batches, workers or cores()):
                yield from results
            return
        start = perf_counter()
        [result] = _fix_batch((number, [text], choices))
        spent += perf_counter() - start
        yield result


def _batches(texts: Iterable[str], number: int, choices: dict[str, Any]) -> Iterator[tuple[int, list[str], Any]]:
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text) if isinstance(text, str) else 0
        if size >= BATCH or len(batch) >= MOST:
            yield number, batch, choices
            number, batch, size = number + len(batch), [], 0
    if batch:
        yield number, batch, choices


def _fix_batch(task: tuple[int, Sequence[str], dict[str, Any]]) -> list[str]:
    first, texts, choices = task
    results: list[str] = []
    for text in texts:
        try:
            results.append(fix(text, **choices))
        except Exception as error:
            error.args = (f"text {first + len(results)}: {error}",)
            raise
    return results


def cores() -> int:
    """The cores that this process may use; 1 within a worker of somebody else, who has given each its core."""
    if multiprocessing.parent_process() is not None:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(function: Callable[[Item], Result], items: Iterable[Item], workers: int | None) -> Iterator[Result]:
    """`map` with processes: in order, a few items ahead. Function, items and results travel by `pickle`.

    An error of the function is raised here in its turn. When the caller stops, the workers do. Without a number of
    workers the work begins in this process, and goes on in one for each core if it takes longer than a second.

    >>> [*in_order(len, ["a", "bc"], workers=2)]
    [1, 2]
    """
    items = iter(items)
    if workers is None:
        workers = cores()
        start = process_time()
        for item in items if workers > 1 else ():
            yield function(item)
            if process_time() - start >= PAYS:
                break
    if workers == 1 or not sys.executable:
        yield from map(function, items)
        return
    pool = _Pool()
    threads = ThreadPoolExecutor(workers, "mojifix")
    waiting: deque[Future[Result]] = deque()
    try:
        for item in items:
            waiting.append(threads.submit(pool.ask, function, item))
            if len(waiting) >= AHEAD * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        threads.shutdown(wait=False, cancel_futures=True)
        pool.stop()


class _Pool:
    """Worker processes, each of which belongs to the thread that speaks to it."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._lock = threading.Lock()
        self._all: list[subprocess.Popen[bytes]] = []
        self._stopped = False

    def ask(self, function: Callable[[Item], Result], item: Item) -> Result:
        process = self._process()
        assert process.stdin and process.stdout
        try:
            pickle.dump((function, item), process.stdin)
            process.stdin.flush()
            good, result = pickle.load(process.stdout)
        except (OSError, EOFError):
            raise RuntimeError(
                f"a worker process ended with status {process.wait()}: out of memory? Try fewer workers"
            ) from None
        if not good:
            raise result
        answer: Result = result
        return answer

    def _process(self) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] | None = getattr(self._own, "process", None)
        if process is None:
            with self._lock:
                if self._stopped:
                    raise RuntimeError("the pool was stopped")
                process = self._own.process = _start()
                self._all.append(process)
        return process

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
        for process in self._all:
            process.terminate()
        for process in self._all:
            try:
                process.wait(GRACE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was not sent any more
                    pipe and pipe.close()


def _start() -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(path or os.getcwd() for path in sys.path)
    return subprocess.Popen(
        [sys.executable, "-c", _SERVE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths},
        start_new_session=True,  # Ctrl-C on the terminal does not reach it
    )


class _Stopped(BaseException):
    """Ends a task, which puts away what it had begun."""


def _stop(number: int, frame: object) -> None:
    raise _Stopped


def serve() -> None:
    """What a worker does: read a task, do it, write the result, until there are no more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed goes where it harms nobody
    signal.signal(signal.SIGTERM, _stop)
    with suppress(_Stopped):
        _answer(answers)
    os._exit(0)  # nobody reads what is left to be flushed


def _answer(answers: BinaryIO) -> None:
    while True:
        try:
            function, item = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            answer = True, function(item)
        except Exception as error:
            answer = False, error
        try:
            pickle.dump(answer, answers)
            answers.flush()
        except BrokenPipeError:
            return
