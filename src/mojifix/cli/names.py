"""`mojifix names`: damaged names of files, folders and members of zip archives; a rename can be taken back."""

from __future__ import annotations

import argparse
import json
import os
from bisect import bisect, bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import accumulate

import mojifix
from mojifix.cli import zips
from mojifix.cli.changes import Finding, findings
from mojifix.cli.files import AUTO, codec
from mojifix.cli.kinds import kind
from mojifix.cli.saying import Trouble, count, reason, say, write
from mojifix.rawbytes import unrepaired

#: bytes of a name that every file system takes
LONGEST = 255
_FOLDERS = {".git", ".hg", ".svn"}


@dataclass
class Place:
    """A folder with names in it, or an archive; `texts` are the names as what they are read in has them."""

    path: str
    old: list[str]
    members: list[zips.Name] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    @property
    def archive(self) -> bool:
        return bool(self.members)


@dataclass
class Rename:
    """What is to be done in a place, or why it is not."""

    place: Place
    number: int
    new: str
    why: str
    trouble: str = ""

    @property
    def old(self) -> str:
        return self.place.old[self.number]


def run(args: argparse.Namespace) -> int:
    if args.undo:
        return _undo(args.undo)
    troubles: list[str] = []
    places = [*_places(args.paths or ["."], troubles)]
    _read(places, args.encoding)
    found = _renames(places, args)
    # What is deep in a folder comes first: the path to it is still the old one.
    found.sort(key=lambda rename: (-rename.place.path.count(os.sep), rename.place.path, rename.number))
    for rename in found:
        shown = f"{rename.place.path}{': ' if rename.place.archive else os.sep}{rename.old} → {rename.new}"
        write(f"{shown} ({rename.trouble or rename.why})\n".encode("utf-8", "surrogateescape"))
    good = [rename for rename in found if not rename.trouble]
    done = 0
    if args.rename and good:
        done = _rename(good, args.undo_file, troubles)
    say(*troubles)
    if not args.quiet:
        names = sum(len(place.old) for place in places)
        then = f"{done:,} repaired, `mojifix names --undo {args.undo_file}` takes it back" if done else "none repaired"
        then = then if args.rename or not good else "add --rename to repair them"
        say(f"{count(names, 'name')} looked at, {count(len(found), 'name')} damaged" + f"; {then}" * bool(found))
    return 2 if troubles else int(bool(len(found) - done))


# What there is


def _places(paths: Sequence[str], troubles: list[str]) -> Iterator[Place]:
    for path in paths:
        path = os.path.normpath(path)
        if not os.path.lexists(path):
            troubles.append(f"{path}: no such file or folder; check the name")
            continue
        if os.path.basename(path) not in ("", ".", ".."):
            yield Place(os.path.dirname(path) or ".", [os.path.basename(path)])
        if os.path.isfile(path):
            if zips.named_so(path) and not zips.is_zip(path):
                troubles.append(f"{path}: is not a zip archive, or is cut; only its own name is looked at")
            yield from _archive(path, troubles)
            continue
        for root, folders, files in os.walk(path, onerror=lambda error: troubles.append(_unread(error))):
            folders[:] = sorted(set(folders) - _FOLDERS)
            yield Place(root, [*folders, *sorted(files)])
            for name in sorted(files):
                yield from _archive(os.path.join(root, name), troubles)


def _archive(path: str, troubles: list[str]) -> Iterator[Place]:
    try:
        if zips.is_zip(path) and (members := zips.names(path)):
            yield Place(path, [name.shown for name in members], members)
    except Trouble as trouble:
        troubles.append(str(trouble))
    except OSError as error:
        troubles.append(_unread(error))


def _unread(error: OSError) -> str:
    return f"{error.filename}: cannot be read ({reason(error)}); check its permissions and the disk"


def _read(places: Sequence[Place], encoding: str | None) -> None:
    """Say what the names are that are no UTF-8, if the user named their encoding or wants it found out."""
    codec("names", None if encoding == AUTO else encoding)
    foreign = [[*_foreign(place)] if encoding else [] for place in places]
    every = dict.fromkeys(data for own in foreign for _, data in own)
    read = _found(every) if encoding == AUTO else {data: _text(data, encoding) for data in every}
    for place, own in zip(places, foreign, strict=True):
        place.texts = [*place.old]
        for number, data in own:
            place.texts[number] = read[data]


def _foreign(place: Place) -> Iterator[tuple[int, bytes]]:
    """The numbers and bytes of names that do not say that they are UTF-8."""
    for number, name in enumerate(place.old):
        if place.archive:
            if not place.members[number].utf8:
                yield number, place.members[number].data
        elif not _whole(name):
            yield number, os.fsencode(name)


def _text(name: bytes, encoding: str | None) -> str:
    try:
        return name.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        return name.decode("utf-8", "surrogateescape")


def _found(names: Iterable[bytes]) -> dict[bytes, str]:
    """What each name is, in an encoding that is found out: all are evidence for each, as the lines of a file are."""
    read = {name: _text(name, None) for name in names}
    lines = [name for name in read if b"\n" not in name]
    texts = "".join(unrepaired(BytesIO(b"\n".join(lines)), Counter())).split("\n")
    return read | dict(zip(lines, texts, strict=True)) if len(texts) == len(lines) else read


# What is damaged


def _renames(places: Sequence[Place], args: argparse.Namespace) -> list[Rename]:
    better = _repaired(dict.fromkeys(text for place in places for text in place.texts), args)
    found = []
    for place in places:
        taken = {*place.old}
        for number, (old, text) in enumerate(zip(place.old, place.texts, strict=True)):
            new, why = better.get(text, (text, ""))
            if new != old or not _whole(old):
                why = ", ".join(filter(None, [why, _written(args.encoding) * (text != old)]))
                trouble = _unfit(old, new, taken)
                taken |= set() if trouble else {new}
                found.append(Rename(place, number, new, why, trouble))
    return found


def _written(encoding: str | None) -> str:
    return "not written in UTF-8" if encoding == AUTO else f"written in {encoding}"


def _repaired(names: Iterable[str], args: argparse.Namespace) -> dict[str, tuple[str, str]]:
    """The names that are damaged, with what they were and why. They are one text: an accident happens to them all."""
    lines = [name for name in names if not name.isascii() and "\n" not in name and "\r" not in name and _whole(name)]
    text = "\n".join(lines)
    repair = mojifix.explain(text, guess=args.guess, script="restore")
    after = repair.text.split("\n")
    if len(after) != len(lines):  # a line end was restored: each on its own, then
        single = ((name, mojifix.explain(name, guess=args.guess, script="restore")) for name in lines)
        return {name: (own.text, _why(findings(name, own))) for name, own in single if own.text != name}
    places = [0, *accumulate(len(line) + 1 for line in lines)]
    whys: dict[int, list[Finding]] = {}
    for finding in findings(text, repair):
        for number in range(bisect(places, finding.start) - 1, bisect_left(places, finding.end)):
            whys.setdefault(number, []).append(finding)
    return {
        old: (new, _why(whys.get(number, ())))
        for number, (old, new) in enumerate(zip(lines, after, strict=True))
        if old != new
    }


def _why(found: Iterable[Finding]) -> str:
    return ", ".join(dict.fromkeys(kind(finding.channel).name for finding in found)) or "converted"


def _whole(name: str) -> bool:
    """Whether a name is text: on Unix it can be any bytes."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unfit(old: str, new: str, taken: set[str]) -> str:
    """Why a file can not have a name, if so."""
    if not _whole(new):
        return "not UTF-8; name its encoding with --encoding gb18030, or have it found out: --encoding auto"
    if "\ufffd" in new:
        return "not repaired: characters are lost"
    if old.count("/") != new.count("/") or not new.strip("/. ") or any(ord(char) < 32 for char in new):
        return "not repaired: not a name for a file"
    if any(len(part.encode()) > LONGEST for part in new.split("/")):
        return f"not repaired: of more than {LONGEST} bytes"
    return "not repaired: that name is taken" if new in taken else ""


# What is done


def _rename(renames: Sequence[Rename], undo: str, troubles: list[str]) -> int:
    """Rename all, each written down before it is done. How many could be."""
    done = 0
    try:
        log = os.fdopen(os.open(undo, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w", encoding="ascii")
    except FileExistsError:
        raise Trouble(f"{undo}: exists already; move it away, or name another --undo-file") from None
    except OSError as error:
        raise Trouble(f"{undo}: cannot be written ({reason(error)}); name another --undo-file") from None
    with log:

        def note(what: object) -> None:
            log.write(json.dumps(what) + "\n")
            log.flush()
            os.fsync(log.fileno())

        for number, rename in enumerate(renames):
            place = rename.place
            try:
                if not place.archive:
                    old, new = (os.path.abspath(os.path.join(place.path, name)) for name in (rename.old, rename.new))
                    if os.path.lexists(new):
                        raise FileExistsError(17, "that name is taken")
                    note({"from": new, "to": old})
                    os.rename(old, new)
                    done += 1
                elif number == 0 or renames[number - 1].place is not place:  # an archive is written once
                    changed = {r.number: zips.Name(r.new.encode(), True) for r in renames if r.place is place}
                    back = {str(n): [place.members[n].data.hex(), place.members[n].utf8] for n in changed}
                    note({"zip": os.path.abspath(place.path), "members": back})
                    zips.rename(place.path, changed)
                    done += len(changed)
            except Trouble as trouble:
                troubles.append(str(trouble))
            except OSError as error:
                troubles.append(f"{place.path}{os.sep}{rename.old}: is not renamed ({reason(error)})")
    return done


def _undo(path: str) -> int:
    """Take back what a log says, the last first; what was not done, or was taken back, is left."""
    try:
        with open(path, encoding="ascii") as file:
            lines = [json.loads(line) for line in file]
    except (OSError, ValueError) as error:
        raise Trouble(f"{path}: is not the undo file of a rename ({reason(error)})") from None
    done, troubles = 0, []
    for line in reversed(lines):
        try:
            if "zip" in line:
                names = {
                    int(number): zips.Name(bytes.fromhex(data), utf8)
                    for number, (data, utf8) in line["members"].items()
                }
                zips.rename(line["zip"], names)
                done += len(names)
            elif os.path.lexists(line["from"]) and not os.path.lexists(line["to"]):
                os.rename(line["from"], line["to"])
                done += 1
            else:
                troubles.append(f"{line['from']}: is not there any more, or its old name is taken; left as it is")
        except (OSError, Trouble) as error:
            troubles.append(f"{line.get('from', line.get('zip'))}: is not renamed ({reason(error)})")
    say(*troubles, f"{count(done, 'name')} as before")
    return 2 if troubles else 0
