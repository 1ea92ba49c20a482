"""How real programs read and write GBK-family bytes, loss included: one row per charset and decoder policy.

A GBK decoder takes ASCII as it is and everything else in pairs: a lead byte 81-FE and a trail byte 40-7E or 80-FE. All
programs agree about 21,791 of the 23,940 pairs. They differ in the rest: pairs GBK leaves empty, the single bytes 80
and FF, a lead before something that is no trail, and a lead at the end. A row of `POLICIES` is those differences and
nothing else, read in three directions: `decode`, the program's own `encode`, and backward as `pattern`. Unless a
row says otherwise it was compared with the program over all pairs from 8000 to FFFF and 12,000 byte strings.

The four families of loss are two fields of a row, `mark` and `eats`:

* keep: the bad lead becomes one mark and the next byte is decoded again on its own (CPython, ICU, Java, browsers);
* swallow: the lead and the next byte, be it a line end, vanish together into one mark (Windows, .NET, PHP);
* drop: they vanish with no mark at all (``errors="ignore"``, ``iconv -c``);
* go: as keep, but a well-formed pair with no character becomes one mark for both bytes.

>>> cut = "一。".encode() + b"\\n"
>>> POLICIES["gbk/cpython"].decode(cut), POLICIES["cp936/windows"].decode(cut)
('涓\\ufffd銆\\ufffd\\n', '涓€銆?')
>>> known, hole, rest, *_ = POLICIES["gbk/cpython"].pattern("涓\\ufffd銆\\ufffd\\n")
>>> known.hex(), hole[0][0].hex(" "), rest.hex()  # 80, a lead whose pair with E3 is empty, or FF; then the known E3 80
('e4b8', '80 a2 aa ab ac ad ae af f8 f9 fa fb fc fd fe ff', 'e380')
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from itertools import groupby

Hole = tuple[tuple[bytes, ...], ...]
"""What a mark may have been: alternatives, each a sequence of byte sets (sorted `bytes`); () is "nothing was there"."""
Pattern = list["bytes | Hole"]  # exactly known runs, as long as possible, and holes

LOST = "\N{REPLACEMENT CHARACTER}"
ANY = bytes(range(256))
LEADS = bytes(range(0x81, 0xFF))
DIGITS = b"0123456789"


@cache
def _reads(codec: str) -> frozenset[bytes]:
    """The two-byte cells in which a codec of the standard library has a character."""
    cells = (bytes((lead, trail)) for lead in LEADS for trail in range(0x40, 0xFF))
    return frozenset(cell for cell in cells if LOST not in cell.decode(codec, "replace"))


@cache
def _holes(table: str) -> dict[bytes, str]:
    r"""What a table puts into the 2,149 cells that GBK leaves empty.

    Windows numbers them through from U+E000: the user areas AAA1-AFFE, F8A1-FEFE and A140-A7A0, then all others.
    GB18030 has since given 81 of the others to real characters (A2E3 is the euro); the table "go" has only those.

    >>> [_holes("cp936")[bytes.fromhex(cell)] for cell in ("aaa1", "f8a1", "a140", "a2ab", "a2e3")]
    ['\ue000', '\ue234', '\ue4c6', '\ue766', '\ue76c']
    >>> _holes("gb18030")[b"\xa2\xe3"], len(_holes("go"))
    ('€', 81)
    """
    if not table:
        return {}
    areas = rb"[\xaa-\xaf][\xa1-\xfe]", rb"[\xf8-\xfe][\xa1-\xfe]", rb"[\xa1-\xa7][\x40-\xa0]"
    empty = sorted(_reads("gb18030") - _reads("gbk"), key=lambda cell: ([not re.match(a, cell) for a in areas], cell))
    if table == "cp936":
        return {cell: chr(0xE000 + i) for i, cell in enumerate(empty)}
    filled = {cell: cell.decode("gb18030") for cell in empty}
    return filled if table != "go" else {k: char for k, char in filled.items() if not "\ue000" <= char <= "\uf8ff"}


def _encoded(char: str, codec: str) -> list[bytes]:
    try:
        return [char.encode(codec)]
    except UnicodeEncodeError:
        return []


@dataclass(frozen=True, eq=False)
class Policy:
    """One way to read and write bytes: a codec of the standard library, and where the program differs from it."""

    name: str
    codec: str = "gbk"  # reads all that is good, at its own speed; `step` is asked only about the bytes it fails on
    holes: str = ""  # the table that fills the cells GBK leaves empty (`_holes`): "cp936", "gb18030", "go" or none
    cells: Mapping[bytes, str] = field(default_factory=dict)  # more that is read here and not by the codec: 80, FF, ...
    swap: Mapping[str, str] = field(default_factory=dict)  # characters of the codec that come out as others here
    mark: str = LOST  # what stands for lost bytes; "" leaves no mark (the drop family)
    eats: bytes = b"(?!)"  # a regular expression: a lead and a byte it does not fit that are lost together
    tail: tuple[bytes, ...] = ()  # sets of the bytes of a four-byte form that, cut off by the end, is one mark
    lacks: str = "?"  # what the encoder writes for a character it lacks, formatted with its number
    wide: bool = False  # the encoder has the four-byte forms of GB18030

    @property
    def drops(self) -> bool:
        """Loss leaves no mark, so that bytes may be missing anywhere: see `pattern`."""
        return not self.mark

    def __reduce__(self) -> tuple[object, ...]:
        return _row, (self.name,)  # error handlers do not travel to another process

    def decode(self, data: bytes) -> str:
        """Read bytes exactly as the program does; any bytes will do."""
        text = data.decode(self.codec, self._errors)
        return re.sub(f"[{''.join(self.swap)}]", lambda found: self.swap[found[0]], text) if self.swap else text

    def step(self, head: bytes) -> tuple[str, int]:
        """Read what the codec can not: the next four bytes (fewer at the end) -> text and the bytes it stands for."""
        for size in (1, 2):
            if text := self._extra.get(head[:size]):
                return text, size
        if self.tail and 1 < len(head) < 4 and all(byte in known for byte, known in zip(head, self.tail, strict=False)):
            return self.mark, len(head)
        return self.mark, 2 if head[0] in LEADS and re.match(self.eats, head, re.DOTALL) else 1

    @cached_property
    def _extra(self) -> dict[bytes, str]:
        return {**_holes(self.holes), **self.cells}

    @cached_property
    def _errors(self) -> str:
        """The name of the codec error handler of this row: `step` for reading, `_write` for writing."""
        width, step = 4 if self.tail else 2, lru_cache(1 << 15)(self.step)

        def handle(error: UnicodeError) -> tuple[str | bytes, int]:
            if isinstance(error, UnicodeDecodeError):
                text, size = step(error.object[error.start : error.start + width])
                return text, error.start + size
            assert isinstance(error, UnicodeEncodeError)
            return self._write(error.object[error.start]), error.start + 1

        codecs.register_error(name := f"mojifix:{self.name}", handle)
        return name

    def encode(self, text: str) -> bytes:
        """Write text as the program's own encoder does, with what it emits for the characters it lacks."""
        codec = "gbk" if self.codec == "gb18030" and not self.wide else self.codec
        parts = enumerate(self._special.split(text))
        return b"".join(self._write(part) if i % 2 else part.encode(codec, self._errors) for i, part in parts)

    def _write(self, char: str) -> bytes:
        written = (form for form in self._forms_of(char) if self.wide or len(form) < 3)
        return next(written, self.lacks.format(ord(char)).encode())

    def _forms_of(self, char: str) -> list[bytes]:
        """The byte forms that are exactly this character, the encoder's choice first."""
        return self._forms[char] if char in self._forms else _encoded(char, self.codec)

    @cached_property
    def _forms(self) -> dict[str, list[bytes]]:
        """`_forms_of` every character that the codec alone may not know."""
        chars = {*self._extra.values(), *self.swap, *self.swap.values(), *self.mark}
        forms = {char: [] if char in self.swap else _encoded(char, self.codec) for char in chars}
        for source, char in self.swap.items():
            forms[char] += _encoded(source, self.codec)
        for cell, char in self._extra.items():
            forms[char].append(cell)
        # A GBK encoder writes the euro as 80, a GB18030 one as A2E3.
        return forms if self.wide else {char: sorted(several, key=len) for char, several in forms.items()}

    @cached_property
    def _special(self) -> re.Pattern[str]:
        """Splits text into runs that are the codec's own business (even places) and single characters that are not."""
        special = {char for char, forms in self._forms.items() if forms != _encoded(char, self.codec)} | set(self.mark)
        return re.compile(f"([{re.escape(''.join(sorted(special)))}])" if special else "((?!))")

    def pattern(self, text: str, lost: bool = False, never: bytes = b"") -> Pattern:
        r"""The byte strings that `decode` turns into exactly `text`: all of them match, and few others.

        A mark becomes a hole, cut down to the bytes that this decoder loses before what follows; the end of `text` is
        the end of the data. A character with two byte forms is a hole of exact alternatives. Raises
        `UnicodeEncodeError` when a character can not come out of this decoder, or a mark can not stand where it does.

        Where loss leaves no mark (`drops`), every gap may hide bytes. For speed `pattern` then gives the one string in
        which nothing was lost; for coverage, with `lost=True`, every gap is a hole for at most two losses (three at the
        end, where text may be cut), which is all that UTF-8 of Chinese has in one place.
        `never` are values that no byte can have had: FF, where the bytes were UTF-8.

        >>> [POLICIES[name].pattern("€") for name in ("cp936/icu", "gbk/java", "gbk/go")]
        [[b'\x80'], [b'\xa2\xe3'], [((b'\x80',), (b'\xa2', b'\xe3'))]]
        """
        gaps = lost and self.drops
        parts = [piece for char in text for piece in ("", char)] if gaps else self._special.split(text)
        after = b""  # the values the next byte may have; none at the end of the data
        found: list[bytes | Hole] = [_gap(self, b"", 3)] if gaps else []  # backwards: what follows decides on a mark
        for i in range(len(parts) - 1, -1, -1):
            try:
                run = b"" if i % 2 else parts[i].encode(self.codec)
                item, first = _item(self, parts[i], after, never) if i % 2 else (run, run[:1])
            except UnicodeEncodeError as error:
                at = len("".join(parts[:i])) + error.start
                raise UnicodeEncodeError(self.name, text, at, at + 1, "never comes out of this decoder here") from None
            after = first or after
            found += [item, _gap(self, after)] if gaps and i % 2 else [item]
        return [*_merged(reversed(found))]

    def _losses(self, after: bytes) -> Hole:
        """All that becomes one mark before one of the bytes `after`, or at the end of the data."""
        alone, together = self._lost
        leads = {lead for byte in after or ANY for lead in alone[byte]}.union(b"" if after else LEADS)
        ends = (self.tail[:2], self.tail) if self.tail and not after else ()
        return (*([(bytes(sorted(leads)),)] if leads else []), *together, *ends)

    @cached_property
    def _lost(self) -> tuple[list[list[int]], list[tuple[bytes, bytes]]]:
        """`step` turned round by trying all pairs: per next byte those lost before it; and those lost as pairs.

        The pairs are grouped into products of two sets, exactly; loosely into one where marks do not tell them apart.
        """
        alone: list[list[int]] = [[] for _ in ANY]
        eaten: dict[bytes, list[int]] = {}
        for lead in range(0x80, 0x100):
            heads = (bytes((lead, trail)) for trail in ANY)
            bad = [(head[1], self.step(head + b"  ")) for head in heads if head not in _reads(self.codec)]
            for trail in (trail for trail, read in bad if read == (self.mark, 1)):
                alone[trail].append(lead)
            if trails := bytes(trail for trail, read in bad if read == (self.mark, 2)):
                eaten.setdefault(trails, []).append(lead)
        if self.drops and eaten:
            eaten = {bytes(sorted({*b"".join(eaten)})): sorted(lead for leads in eaten.values() for lead in leads)}
        return alone, [(bytes(leads), trails) for trails, leads in eaten.items()]


@lru_cache(1 << 16)
def _item(policy: Policy, char: str, after: bytes, never: bytes) -> tuple[bytes | Hole, bytes]:
    """What a special character before one of the bytes `after` may have been, and the values of its first byte."""
    hole: Hole = tuple(tuple(bytes((byte,)) for byte in form) for form in policy._forms_of(char))
    if char == policy.mark:
        hole += policy._losses(after)
    hole = tuple(left for sets in hole if all(left := tuple(known.translate(None, never) for known in sets)))
    if not hole:
        raise UnicodeEncodeError(policy.name, char, 0, 1, "")
    exact = len(hole) == 1 and all(len(known) == 1 for known in hole[0])
    return b"".join(hole[0]) if exact else hole, bytes(sorted({byte for known, *_ in hole for byte in known}))


@lru_cache(1 << 10)
def _gap(policy: Policy, after: bytes, most: int = 2) -> Hole:
    """What may have been dropped before one of the bytes `after`: nothing, or up to `most` losses."""
    lost = policy._losses(after) if most else ()
    return ((), *(more + last for last in lost for more in _gap(policy, last[0], most - 1)))


def _merged(items: Iterable[bytes | Hole]) -> Iterator[bytes | Hole]:
    for known, group in groupby(items, key=lambda item: isinstance(item, bytes)):
        if not known:
            yield from group
        elif run := b"".join(item for item in group if isinstance(item, bytes)):
            yield run


def covers(pattern: Pattern, data: bytes) -> bool:
    """Whether `data` is one of the byte strings of a pattern.

    >>> [covers([b"\\xe4", ((), (b"\\xb8\\xb9", b"\\x80"))], data) for data in (b"\\xe4", b"\\xe4\\x80")]
    [True, False]
    """
    ends = {0}
    for item in pattern:
        hole = (tuple(bytes((byte,)) for byte in item),) if isinstance(item, bytes) else item
        tries = ((sets, end) for sets in hole for end in ends if end + len(sets) <= len(data))
        ends = {end + len(sets) for sets, end in tries if all(data[end + i] in known for i, known in enumerate(sets))}
    return len(data) in ends


def _row(name: str) -> Policy:
    return POLICIES[name]


_EURO = {b"\x80": "€"}
_WINDOWS = {b"\x80": "€", b"\xff": "\uf8f5"}
_GO = _EURO | {b"\xa3\xa0": "\u3000"}
# The WHATWG index is CPython's gb18030 but for A8BC, which trades places with 8135F437, and A3A0, a second wide space.
_INDEX = {"\ue7c7": "\u1e3f", "\u1e3f": "\ue7c7", "\ue5e5": "\u3000"}
_BROWSER = Policy("gbk/whatwg", "gb18030", "", _EURO, _INDEX, LOST, rb".[\x80-\xff]", (LEADS, DIGITS, LEADS), "&#{};")

POLICIES: dict[str, Policy] = {
    policy.name: policy
    for policy in (
        # CPython, errors="replace" and "ignore". Its gbk has neither the euro nor the user areas.
        Policy("gbk/cpython"),
        Policy("gbk/cpython-ignore", mark="", lacks=""),
        Policy("gb2312/cpython", "gb2312"),
        Policy("gb18030/cpython", "gb18030", tail=(ANY[0x80:], DIGITS, ANY), wide=True),  # even 80 and FF lead
        # Browsers, encoding_rs to 0.8.32 (from the standard): one decoder for both labels, and two encoders.
        _BROWSER,
        replace(_BROWSER, name="gb18030/whatwg", lacks="?", wide=True),
        # ICU, uconv, PHP intl, TextDecoder("gbk") of Node 20, Perl (which drops a lone lead at the end).
        Policy("cp936/icu", "gbk", "cp936", _WINDOWS),
        Policy("gbk/java", "gbk", "cp936", {b"\xa2\xe3": "€"}, {"\u2295": "\u2641"}, eats=rb".\xff"),
        Policy("cp936/java", "gbk", "cp936", _EURO, eats=rb".\xff"),  # x-mswin-936, MS936
        Policy("gb2312/java", "gb2312", eats=rb"[\xa1-\xa9\xb0-\xf7][\x80-\xa0\xaa-\xaf\xf8-\xff]"),
        Policy("gbk/go", "gbk", "go", _GO, eats=rb".[\x40-\x7e\x80-\xfe]", lacks="\x1a"),  # x/text, from its source
        Policy("gbk/iconv-lite", "gbk", "gb18030", _GO | {b"\xa8\xbc": "\u1e3f"}),  # VS Code, most npm tools
        # PHP 8.2 mb, and by their sources Windows and .NET (less the best fit of their encoders). The mark can be set.
        Policy("cp936/windows", "gbk", "cp936", _WINDOWS, mark="?", eats=rb".."),
        Policy("cp936/windows-fffd", "gbk", "cp936", _WINDOWS, eats=rb".."),
        Policy("gbk/glibc", "gbk", "", _EURO, mark="", eats=rb"[\x81-\xfd][\x40-\xff]|\xfe[\x40-\xa0\xff]", lacks=""),
    )
}
