"""Which files: those that are named, and in folders those that git tracks."""

from __future__ import annotations

import os
import stat
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import NamedTuple

from mojifix.cli.files import AUTO, codec, opened
from mojifix.cli.saying import count, say

#: bytes in which a NUL shows a binary file; git looks at as many
FIRST = 8000
_FOLDERS = {".git", ".hg", ".svn"}


class File(NamedTuple):
    name: str
    size: int
    named: bool
    """Whether the user named it, and not a folder above it."""


@dataclass
class Skipped:
    """What was not looked at, counted by the reason."""

    counts: Counter[str] = field(default_factory=Counter)

    def __str__(self) -> str:
        return ", ".join(f"{number:,} {why}" for why, number in self.counts.items())


def walk(paths: Sequence[str], exclude: Sequence[str] = ()) -> list[File]:
    """The files of all paths, each once: folders give what git tracks in them or, where it does not, all files."""
    found: dict[str, File] = {}
    for path in paths:
        named = True
        unread: list[str] = []  # folders; whoever reads them says what is wrong
        try:
            if path != "-" and stat.S_ISDIR(os.stat(path).st_mode):
                named = False
                names = _tracked(path)
                names = _all(path, unread) if names is None else names
            else:
                names = iter([path])
        except (OSError, ValueError):
            names = iter([path])  # whoever reads it says what is wrong
        for name in names:
            if any(fnmatch(name, pattern) or fnmatch(os.path.basename(name), pattern) for pattern in exclude):
                continue
            if name == "-":
                found.setdefault(name, File(name, 0, True))
                continue
            try:
                about = os.stat(name) if named else os.lstat(name)  # of links in a folder the target is there itself
            except (OSError, ValueError):
                if named:
                    found.setdefault(name, File(name, 0, True))
                continue  # tracked, but deleted
            if stat.S_ISREG(about.st_mode) or (named and not stat.S_ISDIR(about.st_mode)):
                found.setdefault(name, File(name, about.st_size, named))
        found |= {name: File(name, 0, True) for name in unread}
    return [*found.values()]


def _tracked(folder: str) -> Iterator[str] | None:
    """What git tracks in a folder; None if it is in no checkout."""
    try:
        done = subprocess.run(["git", "-C", folder, "ls-files", "-z"], capture_output=True, check=False)
    except OSError:  # no git on this machine
        return None
    if done.returncode:
        error = os.fsdecode(done.stderr).partition("\n")[0]
        if "not a git repository" not in error and os.access(folder, os.R_OK | os.X_OK):
            say(f"{folder}: git does not say which files it tracks ({error}); all files are looked at")
        return None
    names = (name for name in os.fsdecode(done.stdout).split("\0") if name)
    return (os.path.normpath(os.path.join(folder, name)) for name in names)


def _all(folder: str, unread: list[str]) -> Iterator[str]:
    for root, folders, names in os.walk(folder, onerror=lambda error: unread.append(error.filename)):
        folders[:] = sorted(set(folders) - _FOLDERS)
        yield from (os.path.normpath(os.path.join(root, name)) for name in sorted(names))


def unfit(file: File, most: int, encoding: str | None) -> str:
    """Why a file is not to be looked at, if so: it is binary, or has more than `most` bytes; for `Skipped`."""
    if file.size > most:
        return f"of more than {most / (1 << 20):.3g} MiB"
    with opened(file.name) as stream:
        return "binary" if _binary(stream.read(FIRST), file.name, encoding) else ""


def _binary(start: bytes, name: str, encoding: str | None) -> bool:
    """Whether a file that starts so is binary: it has a NUL that is not one of UTF-16 or UTF-32."""
    if b"\0" not in start:
        return False
    if encoding == AUTO:
        from mojifix.rawbytes.whole import whole

        return whole(start) is None
    return len("a".encode(codec(name, encoding).name.removesuffix("-sig"))) == 1


def summary(files: int, skipped: Skipped) -> str:
    """
    >>> summary(2, Skipped(Counter(binary=1)))
    '2 files looked at, skipped: 1 binary'
    """
    return f"{count(files, 'file')} looked at" + (f", skipped: {skipped}" if skipped.counts else "")
