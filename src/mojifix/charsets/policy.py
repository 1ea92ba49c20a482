r"""Readers that are a codec of the standard library and where a program differs from it.

A double-byte decoder takes ASCII as it is and a lead byte with its trail. All programs agree about most of the pairs.
They differ in the rest: pairs a charset leaves empty, single bytes, a lead before something that is no trail, and a
lead at the end. A `Policy` is those differences and nothing else, read in three directions: `decode`, the program's own
`encode`, and backward as `pattern`. A charset of single bytes is the same with less in it.

The four families of loss are two fields of a row, `mark` and `eats`:

* keep: the bad lead becomes one mark and the next byte is decoded again on its own (CPython, ICU, Java, browsers);
* swallow: the lead and the next byte, be it a line end, vanish together into one mark (Windows, .NET, PHP);
* drop: they vanish with no mark at all (``errors="ignore"``, ``iconv -c``);
* go: as keep, but a well-formed pair with no character becomes one mark for both bytes.

>>> from mojifix.charsets import POLICIES
>>> cut = "一。".encode() + b"\n"
>>> POLICIES["gbk/cpython"].decode(cut), POLICIES["cp936/windows"].decode(cut)
('涓\ufffd銆\ufffd\n', '涓€銆?')
>>> known, hole, rest, *_ = POLICIES["gbk/cpython"].pattern("涓\ufffd銆\ufffd\n")
>>> known.hex(), hole[0][0].hex(" "), rest.hex()  # 80, a lead whose pair with E3 is empty, or FF; then the known E3 80
('e4b8', '80 a2 aa ab ac ad ae af f8 f9 fa fb fc fd fe ff', 'e380')
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate

from mojifix.charsets.pattern import ANY, LOST, ONE, Hole, Pattern, hole, merged, sets_of
from mojifix.charsets.reader import END, After, Broken, Reader, nowhere
from mojifix.charsets.tables import cells, encoded, extra, twins


@dataclass(frozen=True, eq=False)
class Policy(Reader):
    """One way to read and write bytes: a codec of the standard library, and where the program differs from it."""

    name: str
    codec: str = "gbk"  # reads all that is good, at its own speed; `step` is asked only about the bytes it fails on
    holes: str = ""  # the table that fills the cells a charset leaves empty (`extra`), or none
    cells: Mapping[bytes, str] = field(default_factory=dict)  # more that is read here and not by the codec: 80, FF, ...
    swap: Mapping[str, str] = field(default_factory=dict)  # characters of the codec that come out as others here
    mark: str = LOST  # what stands for lost bytes; "" leaves no mark (the drop family)
    eats: bytes = b"(?!)"  # a regular expression: a lead and a byte it does not fit that are lost together
    tail: tuple[bytes, ...] = ()  # sets of the bytes of a longer form that, cut off by the end, is one mark
    lacks: str = "?"  # what the encoder writes for a character it lacks, formatted with its number
    wide: bool = False  # the encoder has the forms of more than two bytes
    hides: str = ""  # the table of cells that were read, and removed afterwards
    often: int = 5  # of how many bytes one is lost, at most: of UTF-8 of Chinese readers of pairs lose one in 19 to 40
    family: str = "hanzi"

    @property
    def drops(self) -> int:
        return self.often if not self.mark or self.hides else 0

    def __reduce__(self) -> tuple[object, ...]:
        return _row, (self.name,)  # error handlers do not travel to another process

    def decode(self, data: bytes) -> str:
        """Read bytes exactly as the program does; any bytes will do."""
        text = data.decode(self.codec, self._errors)
        return re.sub(f"[{''.join(self.swap)}]", lambda found: self.swap[found[0]], text) if self.swap else text

    def step(self, head: bytes) -> tuple[str, int]:
        """Read what the codec can not: the next four bytes (fewer at the end) -> text and the bytes it stands for."""
        for size in (1, 2):
            if (text := self._extra.get(head[:size])) is not None:
                return text, size
        if 1 < len(head) <= len(self.tail) and all(byte in ok for byte, ok in zip(head, self.tail, strict=False)):
            return self.mark, len(head)
        return self.mark, 2 if re.match(self.eats, head, re.DOTALL) else 1

    @property
    def _width(self) -> int:
        """The bytes that `step` needs to see."""
        return max(2, len(self.tail) + 1)

    @cached_property
    def _extra(self) -> dict[bytes, str]:
        known = cells(self.codec)
        found = extra(self.holes) | dict.fromkeys(extra(self.hides), "")
        return {**{cell: char for cell, char in found.items() if cell not in known}, **self.cells}

    @cached_property
    def _errors(self) -> str:
        """The name of the codec error handler of this row: `step` for reading, `_write` for writing."""
        width, step = self._width, lru_cache(1 << 15)(self.step)

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
        for form in self._forms_of(char):
            if self.wide or len(form) < 3:
                return form
        return self.lacks.format(ord(char)).encode()

    def _forms_of(self, char: str) -> list[bytes]:
        """The byte forms that are exactly this character, the encoder's choice first."""
        return self._forms[char] if char in self._forms else encoded(char, self.codec)

    @cached_property
    def _forms(self) -> dict[str, list[bytes]]:
        """`_forms_of` every character that the codec alone may not know."""
        known = twins(self.codec)
        chars = {*known, *self._extra.values(), *self.swap, *self.swap.values(), *self.mark} - {""}
        forms = {char: [*known.get(char, encoded(char, self.codec))] for char in chars}
        moved = {source: forms[source] for source in self.swap}
        forms |= {source: [] for source in self.swap}
        for source, char in self.swap.items():
            forms.setdefault(char, []).extend(moved[source])
        for cell, char in self._extra.items():
            forms.setdefault(char, []).append(cell)
        # A GBK encoder writes the euro as 80, a GB18030 one as A2E3.
        return forms if self.wide else {char: sorted(several, key=len) for char, several in forms.items()}

    @cached_property
    def _special(self) -> re.Pattern[str]:
        """Splits text into runs that are the codec's own business (even places) and single characters that are not."""
        special = {char for char, forms in self._forms.items() if forms != encoded(char, self.codec)} | set(self.mark)
        return _one_of(special)

    @cached_property
    def _open(self) -> re.Pattern[str]:
        """The special characters whose bytes depend on what is around them."""
        return _one_of({char for char, forms in self._forms.items() if len(forms) != 1} | set(self.mark))

    # Backward ---------------------------------------------------------------------------------------------------------

    def pattern(self, seen: str, never: bytes = b"", broken: Broken = nowhere) -> Pattern:
        """As of any `Reader`. Where loss leaves no mark (`drops`), the gaps at which what was seen is `broken` are
        holes for at most two losses, which is all that UTF-8 of Chinese has in one place.
        """
        if not self.drops or not (gaps := self._gaps(seen, broken)):
            return super().pattern(seen, never)
        after: After = frozenset((END,))
        found: Pattern = []
        end = len(seen)
        for at in reversed(gaps):
            items, after = self.back(seen[at:end], after, never)
            found += items
            found.append(gap := _gap(self, after, never, 2))
            after |= {byte for first, *_ in gap[1:] for byte in first}
            end = at
        found += self.back(seen[:end], after, never)[0]
        return [*merged(reversed(found))]

    def _gaps(self, seen: str, broken: Broken) -> list[int]:
        """The gaps between characters, by the number of the one behind it, at which bytes may be missing."""
        parts = seen.split(self.mark) if self.mark else [seen]
        found = [*broken(b"\x81".join(map(self.encode, parts)))]
        sizes = (len(_known(self, char)) for char in (seen if found else ""))
        begins = {size: i for i, size in enumerate(accumulate(sizes, initial=0))}
        size = max(begins)
        places = {at for first, last in found for at in range(first, last + 1)}
        if found and not self.hides:  # 数据。 is E6 8D [AE E3] 80 [82] by glibc: with the end missing nothing is broken
            places |= {size - 1, size}
        return sorted({begins[at] for at in places if at in begins})

    def form(self, text: str) -> bytes | None:
        if self._open.search(text):
            return None
        parts = enumerate(self._special.split(text))
        return b"".join(self._forms_of(part)[0] if i % 2 else part.encode(self.codec) for i, part in parts)

    def back(self, text: str, after: After, never: bytes, inside: bool = False) -> tuple[Pattern, After]:
        parts = self._special.split(text)
        found: Pattern = []
        for i in range(len(parts) - 1, -1, -1):
            try:
                if i % 2:
                    item, after = _item(self, parts[i], after, never)
                    found.append(item)
                elif parts[i]:
                    found.append(run := parts[i].encode(self.codec))
                    after = frozenset(run[:1])
            except UnicodeEncodeError as error:
                at = len("".join(parts[:i])) + error.start
                raise UnicodeEncodeError(self.name, text, at, at + 1, "never comes out of this decoder here") from None
        return found, after

    def losses(self, after: After) -> Hole:
        """All that becomes one mark before one of the bytes `after`, or at the end of the data."""
        alone, together = self._lost
        leads = {lead for byte in after for lead in alone[byte]}
        ends = [self.tail[:length] for length in range(2, len(self.tail) + 1)] if END in after else []
        return (*([(bytes(sorted(leads)),)] if leads else []), *together, *ends)

    @cached_property
    def _lost(self) -> tuple[list[list[int]], list[tuple[bytes, bytes]]]:
        """`step` turned round, for all pairs: per next byte those lost before it; and those lost as pairs.

        The pairs are grouped into products of two sets.
        """
        known = cells(self.codec).keys() | self._extra.keys()
        pairs = b"".join(sorted([cell for cell in known if len(cell) == 2]))
        leads, trails = pairs[::2], pairs[1::2]
        fits = re.compile(self.eats, re.DOTALL).match
        alone: list[list[int]] = [[] for _ in range(END + 1)]
        eaten: dict[bytes, list[int]] = {}
        for lead in (lead for lead in range(0x80, 0x100) if ONE[lead] not in known):
            first = max(0, leads.find(lead))
            bad = ANY.translate(None, trails[first : first + leads.count(lead)])
            together = bytes(trail for trail in bad if fits(bytes((lead, trail))))
            if together:
                eaten.setdefault(together, []).append(lead)
            for trail in (*bad, END):
                if trail == END or trail not in together:
                    alone[trail].append(lead)
        return alone, [(bytes(leads), trails) for trails, leads in eaten.items()]


def _one_of(chars: set[str]) -> re.Pattern[str]:
    return re.compile(f"([{re.escape(''.join(sorted(chars)))}])" if chars else "((?!))")


@lru_cache(1 << 16)
def _item(policy: Policy, char: str, after: After, never: bytes) -> tuple[bytes | Hole, After]:
    """What a special character before one of the bytes `after` may have been, and the values of its first byte."""
    found: Hole = tuple(sets_of(form) for form in policy._forms_of(char))
    if char == policy.mark:
        found += policy.losses(after)
    found = tuple(left for sets in found if all(left := tuple(known.translate(None, never) for known in sets)))
    if not found:
        raise UnicodeEncodeError(policy.name, char, 0, 1, "")
    exact = len(found) == 1 and all(len(known) == 1 for known in found[0])
    return b"".join(found[0]) if exact else found, frozenset(byte for known, *_ in found for byte in known)


@lru_cache(1 << 16)
def _known(policy: Policy, char: str) -> bytes:
    """One of the byte forms that a character or a mark may have had."""
    return b"\x81" if char == policy.mark else policy.encode(char)


@lru_cache(1 << 12)
def _gap(policy: Policy, after: After, never: bytes, most: int) -> Hole:
    """What may have been dropped before one of the bytes `after`: nothing, or up to `most` losses."""
    lost = policy.losses(after) if most and not policy.mark else ()
    lost += hole(map(sets_of, policy._forms.get("", ()))) if most else ()
    lost = tuple(left for sets in lost if all(left := tuple(known.translate(None, never) for known in sets)))
    return ((), *(more + last for last in lost for more in _gap(policy, frozenset(last[0]), never, most - 1)))


def _row(name: str) -> Reader:
    from mojifix.charsets import POLICIES

    return POLICIES[name]
