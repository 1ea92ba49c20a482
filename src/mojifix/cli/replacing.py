"""Files that are replaced whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from types import TracebackType
from typing import IO

from mojifix.cli.saying import Trouble, reason


class Replacement:
    """A file to be: written beside its target, and in its place when it is whole (`commit`), or gone.

    What is written first is kept until more comes, or the end: most files are small and undamaged, and need no other.
    """

    def __init__(self, name: str, *, times: bool = False, backup: str = "") -> None:
        self._name, self._times, self._backup = name, times, backup
        self._target = os.path.realpath(name)
        self._first: bytes | None = None
        self._temporary = ""
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Replacement:
        with self._trouble():
            try:
                self._old: os.stat_result | None = os.stat(self._target)
            except FileNotFoundError:
                self._old = None
            if self._old is not None and stat.S_ISDIR(self._old.st_mode):
                raise Trouble(f"{self._name}: is a directory; give -o the name of a file")
        return self

    def write(self, data: bytes) -> None:
        if self._first is None:
            self._first = data
        else:
            with self._trouble():
                self._opened().write(data)

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            if self._old is not None and not os.access(self._target, os.W_OK):
                raise Trouble(
                    f"{self._name}: is write-protected; nothing was written, change its permissions or the name"
                )
            flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
            if self._old is None or stat.S_ISREG(self._old.st_mode):  # a pipe or a device cannot be replaced
                self._temporary = f"{os.path.dirname(self._target)}{os.sep}.mojifix-{os.urandom(6).hex()}.tmp"
                flags |= os.O_CREAT | os.O_EXCL
            self._file = os.fdopen(os.open(self._temporary or self._target, flags, 0o666), "wb")
            self._file.write(self._first or b"")
        return self._file

    def commit(self) -> None:
        with self._trouble():
            file = self._opened()
            file.flush()
            if self._temporary:
                os.fsync(file.fileno())
                file.close()
                if self._old is not None:
                    self._as_it_was(self._old)
                if self._backup:
                    self._keep()
                os.replace(self._temporary, self._target)
                self._temporary = ""

    def _as_it_was(self, old: os.stat_result) -> None:
        if hasattr(os, "chown"):
            with contextlib.suppress(OSError):  # only root may give a file away
                os.chown(self._temporary, old.st_uid, old.st_gid)
        if self._times:
            shutil.copystat(self._target, self._temporary)
        os.chmod(self._temporary, stat.S_IMODE(old.st_mode))

    def _keep(self) -> None:
        kept = self._target + self._backup
        try:
            os.link(self._target, kept)
        except FileExistsError:
            raise Trouble(f"{kept}: exists already, and {self._name} was not changed; choose another suffix") from None
        except OSError:  # no links on this file system
            shutil.copy2(self._target, kept)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):
            self._file and self._file.close()
        if self._temporary:
            with contextlib.suppress(OSError):
                os.unlink(self._temporary)

    @contextlib.contextmanager
    def _trouble(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise Trouble(f"{self._name}: its folder does not exist; create it or give another name") from None
        except PermissionError:
            raise Trouble(f"{self._name}: you may not write into its folder; give another name") from None
        except (OSError, ValueError) as error:
            raise Trouble(
                f"{self._name}: cannot be written ({reason(error)}); nothing was changed, give another name"
            ) from None
