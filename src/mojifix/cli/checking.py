"""`mojifix check`: what is damaged in files and repositories, for people, programs and code scanning."""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import mojifix
from mojifix.cli.account import line
from mojifix.cli.changes import Finding, findings
from mojifix.cli.files import label, opened, read
from mojifix.cli.kinds import KINDS, kind
from mojifix.cli.saying import Progress, Trouble, count, places, reason, say, version, write
from mojifix.cli.walking import File, Skipped, unfit, walk
from mojifix.cli.walking import summary as looked_at
from mojifix.many import in_order

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@dataclass
class Located:
    """A finding and its places: line and column of its begin and its end, both counted from 1."""

    finding: Finding
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass
class Look:
    """What was seen in a file; it travels between processes."""

    file: File
    found: list[Located] = field(default_factory=list)
    skipped: str = ""
    trouble: str = ""
    notes: list[str] = field(default_factory=list)


def run(args: argparse.Namespace) -> int:
    files, skipped = walk(args.paths or ["."], args.exclude), Skipped()
    looks: list[Look] = []
    unread = places = damaged = strange = 0
    with Progress(sum(file.size for file in files), len(files), args.quiet) as progress:
        for seen in in_order(partial(look, args=args), files, args.jobs):
            progress.add(seen.file.size, 1)
            if seen.skipped:
                skipped.counts[seen.skipped] += 1
            if seen.found or seen.trouble:
                progress.clear()
            if seen.trouble:
                say(seen.trouble)
                unread += 1
            damaged += bool(seen.found)
            strange += bool(seen.notes)
            places += len(seen.found)
            if args.json or args.sarif:
                looks.append(seen)
            else:
                lines = (line(label(seen.file.name), at.start, at.finding) + "\n" for at in seen.found)
                write("".join(lines).encode("utf-8", "surrogateescape"))
    if args.json or args.sarif:
        document = sarif(looks) if args.sarif else _json(looks, skipped)
        write((json.dumps(document, ensure_ascii=True, indent=1) + "\n").encode())
    if not args.quiet:
        where = f"{count(places, 'place')} in {count(damaged, 'file')} damaged; " if places else "no damage; "
        looked = looked_at(len(files) - unread - skipped.counts.total(), skipped)
        say(where + looked + f", not UTF-8: {strange}" * bool(strange))
    return 2 if unread else int(places > 0)


def look(file: File, args: argparse.Namespace) -> Look:
    """Look at one file."""
    seen = Look(file)
    try:
        if file.name != "-" and (why := unfit(file, args.max_size, args.encoding)):
            seen.skipped = why
            return seen
        with opened(file.name) as stream:
            text = "".join(read(stream, file.name, args.encoding, seen.notes))
        place = places(text) if (found := [*findings(text, mojifix.explain(text))]) else None
        seen.found = [Located(one, place(one.start), place(one.end)) for one in found] if place else []
    except Trouble as trouble:
        seen.trouble = str(trouble)
    except OSError as error:
        seen.trouble = f"{file.name}: cannot be read ({reason(error)}); check its permissions and the disk"
    return seen


def _json(looks: Iterable[Look], skipped: Skipped) -> dict[str, Any]:
    found = [
        {
            "path": seen.file.name,
            "line": at.start[0],
            "column": at.start[1],
            "end_line": at.end[0],
            "end_column": at.end[1],
            "kind": kind(at.finding.channel).id,
            "channel": at.finding.channel,
            "bits": round(at.finding.bits, 1),
            "damaged": at.finding.before,
            "repaired": at.finding.after,
        }
        for seen in looks
        for at in seen.found
    ]
    return {"mojifix": version(), "findings": found, "skipped": dict(skipped.counts)}


def sarif(looks: Iterable[Look]) -> dict[str, Any]:
    """SARIF 2.1.0 as GitHub code scanning reads it, repairs included."""
    rules = [
        {
            "id": kind.id,
            "name": kind.title.title().replace(" ", ""),
            "shortDescription": {"text": kind.name},
            "fullDescription": {"text": f"Mojibake: {kind.name}."},
            "help": {"text": "`mojifix fix --diff FILE` shows the repair, `mojifix fix --in-place FILE` applies it."},
            "defaultConfiguration": {"level": "warning"},
            "properties": {"tags": ["encoding", "mojibake"], "precision": "very-high"},
        }
        for kind in KINDS
    ]
    seen_lines: Counter[str] = Counter()
    results = [_result(seen.file.name, at, seen_lines) for seen in looks for at in seen.found]
    driver = {"name": "mojifix", "semanticVersion": version(), "rules": rules}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [run]}


def _result(name: str, at: Located, seen: Counter[str]) -> dict[str, Any]:
    found, sort = at.finding, kind(at.finding.channel)
    region = {"startLine": at.start[0], "startColumn": at.start[1], "endLine": at.end[0], "endColumn": at.end[1]}
    artifact = {"uri": _uri(name)}
    message = line("", (0, 0), found).removeprefix(":0:0: ")
    # A finding stays the same one when lines above it come and go.
    print_ = hashlib.sha256(f"{sort.id}\0{found.before}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
    seen[key := f"{name}\0{print_}"] += 1
    return {
        "ruleId": sort.id,
        "ruleIndex": KINDS.index(sort),
        "level": "warning",
        "message": {"text": message},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
        "partialFingerprints": {"damage/v1": f"{print_}:{seen[key]}"},
        "fixes": [
            {
                "description": {"text": f"what was meant, {found.bits:.0f} bits of evidence"},
                "artifactChanges": [
                    {
                        "artifactLocation": artifact,
                        "replacements": [{"deletedRegion": region, "insertedContent": {"text": found.after}}],
                    }
                ],
            }
        ],
    }


def _uri(name: str) -> str:
    path = Path(name)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return path.as_uri()
    return quote(path.as_posix().encode("utf-8", "surrogateescape"))
