"""The "traditional + (pinyin)" kit, backward. `mojifix.channels.kit_damage` is the kit itself, forward, byte by byte.

Most annotations stand behind their character and are cut out. Where the kit hit a pair of bytes across a character
boundary, everything up to the next ASCII character was read in wrong pairs. There the text is turned back into the
bytes before the kit: known ones, and holes where a byte was swallowed. Reading those bytes as GBK from a place that is
right gives the text again, whatever the pairs were in between; `mojifix.search` decides what the holes held.

Nothing here knows a list of annotated characters, for lists differ from site to site: any traditional character with a
reading of its own behind it will do. What is no damage at all - a textbook, a dictionary, one rare name with its
reading - is told apart by `Evidence`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from math import e, log2

from mojifix.channels.kit_damage import kit_table
from mojifix.channels.readings import readings
from mojifix.charsets import LEADS, POLICIES, Pattern
from mojifix.lattice import Lattice, read
from mojifix.plan import Edit
from mojifix.variants import in_gb2312, simplify_char_map

NAME = "pinyin-kit"
_CP936 = POLICIES["cp936/windows"]
_LETTERS = "a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
#: a character with pinyin behind it, as the kit writes it
ANNOTATION = re.compile(f"([^\x00-\x7f])\\(([{_LETTERS}]{{1,6}})\\)")
#: a bad pair that swallowed the bracket of an annotation
_SWALLOWED = re.compile(f"[?\ufffd]\\(?([{_LETTERS}]{{1,6}})\\)")
#: an annotation of the second byte of a character with the ASCII letter behind it
_ACROSS = re.compile(f"([^\x00-\x7f][@-~])\\(([{_LETTERS}]{{1,6}})\\)")
#: a shift goes on to the next ASCII character; farther than this no dropped character is looked for
_SHIFTED_RUN = re.compile("^[^\x00-\x7f]{1,40}")
#: the places of a line that need the bytes
_PLACES = re.compile(
    f"(?P<shift>[?\ufffd]\\(?(?P<reading>[{_LETTERS}]{{1,6}})\\))"
    f"|\\((?P<across>[{_LETTERS}]{{1,6}})\\)"
    "|[?\ufffd](?P<tag>/?[a-z][a-z0-9]{0,9}(?: [^<>\n]{0,200})?/?>)"
    "|[?\ufffd](?P<entity>#?[a-zA-Z0-9]{2,8};)"
    "|(?P<mark>[?\ufffd])"
    "|(?P<half>[,:;!()])"
)
#: a damaged pair that is no annotation: a mark that won, a swallowed "<" or "&"
_ARTEFACT = re.compile("[?\ufffd](?=[?,;!？，；！]|/?[a-z]{1,10}>|[a-z]{2,8};)[^ \n]*[^\x00-\x7f]")

# Bits of the readings of a place. benchmarks/kit.py moved each by a half and a double without a change on pages;
# they only keep a reading that the text does not need from being free.
FULL_WIDTH = 8.0  # , was ，: costs more than ， saves in text whose marks are all ASCII
LOST_LEAD = 6.0  # a ? was the first byte of a pair
LOST_PAIR = 10.0  # ... and an ASCII character was swallowed with it
LOST_CHARACTER = 8.0  # nothing is left of an annotated character but its reading
LITERAL = 24.0  # ?qū) stands for itself
DROPPED = 14.0  # a private-use character was dropped here, two bytes with it


# Evidence -------------------------------------------------------------------------------------------------------------

#: share of the traditional characters that a kit annotates, at the least; that a book annotates, in passing
KIT_RATE, BOOK_RATE = 1 / 50, 1 / 1000
#: bits of a character among those that a book explains: it explains rare ones as often as common ones
BOOK_CHARACTER = 12.6
#: bits against the kit for each annotation that it can not have made
FOREIGN = 12.0
#: bits for a place that only bytes explain
BROKEN_PAIR = 12.0
#: bits for a character that the kit leaves alone and traditional text would not, and against it for the other form
LEFT_ALONE = 3.0


@cache
def _kit_characters() -> frozenset[str]:
    """Traditional characters that the kit may have written, from any simplified one."""
    return frozenset("".join(readings().values()))


@cache
def _tell_tales() -> tuple[str, str]:
    """What the kit leaves alone, and what stands for it in traditional text."""
    return "于云后里群并干吃", "於雲後裡裏羣併幹喫"


@dataclass(slots=True)
class Evidence:
    """What a text has for and against the kit. `bits` weighs it: the logarithm of the likelihood ratio against text
    that people annotated, from the number and kind of annotations and their density."""

    annotated: Counter[str] = field(default_factory=Counter)
    foreign: int = 0
    broken: int = 0
    traditional: int = 0
    kept: int = 0

    @classmethod
    def of(cls, text: str) -> Evidence:
        """Collect it.

        >>> evidence = Evidence.of("當(dāng)前，網(wǎng)絡(luò)技術(shù)")
        >>> evidence.annotated.total(), evidence.foreign, evidence.traditional
        (4, 0, 5)
        """
        found = cls()
        known = readings()
        for match in ANNOTATION.finditer(text):
            char, pinyin = match.groups()
            if char in known.get(pinyin, ""):
                found.annotated[char] += 1
            elif pinyin in known and not pinyin.isascii():
                found.foreign += 1
        found.foreign += len(re.findall(f"\\([{_LETTERS}]{{1,6}}[ '’-][{_LETTERS} '’-]+\\)", text))
        found.broken = sum(m[1] in known and not m[1].isascii() for m in _SWALLOWED.finditer(text))
        found.broken += sum(_annotates(_bytes(m[1])[-2:], m[2]) for m in _ACROSS.finditer(text))
        if found.annotated or found.broken:
            found.broken += len(_ARTEFACT.findall(text))
            kept, converted = _tell_tales()
            count = Counter(text)
            found.traditional = sum(count[char] for char in count.keys() & _kit_characters())
            found.kept = sum(count[char] for char in kept) - sum(count[char] for char in converted)
        return found

    def bits(self, cost: Callable[[str], float]) -> float:
        """The evidence for the kit; `cost` is the cost of a character in ordinary text, in bits."""
        total = self.annotated.total()
        if not total + self.broken:
            return 0.0
        among = max(self.traditional, total, 1)
        rate = max(total / among, KIT_RATE)
        density = total * log2(rate / BOOK_RATE) - among * (rate - BOOK_RATE) * log2(e)
        kinds = sum(BOOK_CHARACTER - cost(char) for char in self.annotated)
        tales = max(-4, min(4, self.kept)) * LEFT_ALONE
        return density + kinds + tales + BROKEN_PAIR * self.broken - FOREIGN * self.foreign


def _bytes(text: str) -> bytes:
    """The GBK bytes of a text, a question mark for what GBK lacks."""
    return _CP936.encode(text)


def _annotates(code: bytes, pinyin: str) -> bool:
    """Whether two bytes are a character with this reading."""
    return len(code) == 2 and code.decode("gbk", "ignore") in (readings().get(pinyin) or "-")


# Undoing, in three steps ----------------------------------------------------------------------------------------------


def damaged_lines(text: str) -> frozenset[int]:
    """The numbers of the lines of a damaged text that the kit has been over.

    That is all of them, except those with characters that the others annotate again and again, and they do not.

    >>> sorted(damaged_lines("開(kāi)發(fā)開(kāi)發(fā)\\n水\\n開發\\n"))
    [0, 1]
    """
    hits = Counter(m[1] for m in ANNOTATION.finditer(text) if m[1] in readings().get(m[2], ""))
    count = Counter(text)
    listed = {char for char, times in hits.items() if times > 1 and times > 0.5 * count[char]}

    def spared(line: str) -> bool:
        return not listed.isdisjoint(line) and not ANNOTATION.search(line) and not _SWALLOWED.search(line)

    return frozenset(number for number, line in enumerate(text.splitlines()) if not spared(line))


def cut_annotations(line: str) -> Iterator[Edit]:
    """The edits that cut out the annotations which stand behind their own character.

    >>> list(cut_annotations("當(dāng)前(now)"))
    [Edit(start=1, end=7, text='')]
    """
    known = readings()
    for match in ANNOTATION.finditer(line):
        if match[1] in known.get(match[2], ""):
            yield Edit(match.start() + 1, match.end(), "")


def is_shifted(line: str) -> bool:
    """Whether a line (its plain annotations cut out) has places that need its bytes."""
    known = readings()
    shifts = any(m[1] in known for m in _SWALLOWED.finditer(line))
    across = any(_annotates(_bytes(m[1])[-2:], m[2]) for m in _ACROSS.finditer(line))
    return shifts or across or bool(_ARTEFACT.search(line))


def undo_shifts(line: str, *, dropped: bool = False) -> Lattice | None:
    """All that a line may have been before pairs were matched across its character boundaries.

    With `dropped`, private-use characters may be missing in a shift. None if GBK can not have held the line.

    >>> texts = undo_shifts("再?gòu)募夹g(shù)上看").texts()
    >>> "再從技術上看" in texts
    True
    """
    spare = [chr(code) for code in (*range(1, 9), *range(14, 32)) if chr(code) not in line]
    strangers = sorted({char for char in line if char not in "?\ufffd" and _CP936.encode(char) == b"?"})
    if len(strangers) > len(spare):
        return None
    there = {ord(char): stand_in for char, stand_in in zip(strangers, spare, strict=False)}
    pattern, costs = _before(line.translate(there), dropped)
    lattice = read(pattern, "gbk", costs)
    back = {ord(stand_in): code for code, stand_in in there.items()}
    return Lattice([[(text.translate(back), to, bits, lost) for text, to, bits, lost in ways] for ways in lattice.arcs])


def _before(line: str, dropped: bool) -> tuple[Pattern, dict[int, tuple[float, ...]]]:
    """The bytes of a line before the kit."""
    pattern: Pattern = []
    costs: dict[int, tuple[float, ...]] = {}
    tail = b""  # the last bytes, as far as they are known
    shifted = False

    def hole(*alternatives: tuple[tuple[bytes, ...], float]) -> None:
        costs[len(pattern)] = tuple(bits for _, bits in alternatives)
        pattern.append(tuple(sets for sets, _ in alternatives))

    def known(text: str) -> None:
        nonlocal tail
        if text:
            data = _bytes(text)
            pattern.append(data)
            tail = (tail + data)[-2:]

    done = 0
    for place in (*_PLACES.finditer(line), None):
        before = line[done : place.start()] if place else line[done:]
        if shifted and before:  # a shift ends at ASCII; in it a private-use character may have been dropped
            run = next(iter(_SHIFTED_RUN.findall(before)), "")
            for char in run:
                if dropped:
                    hole(((), 0.0), ((_DROPPED_LEADS, _TRAILS), DROPPED))
                known(char)
            before = before[len(run) :]
            shifted = not before
        known(before)
        if place is None:
            break
        done = place.end()
        seen = place[0]
        literal = tuple(bytes((byte,)) for byte in _bytes(seen))
        hits = readings().get(place["reading"] or "")
        if hits:
            codes = [char.encode("gbk") for char in hits]
            seconds = bytes(sorted({code[1] for code in codes if code[:1] == tail[-1:]}))
            lost = [((code[:1], code[1:]), LOST_CHARACTER) for code in codes]
            hole(*([((seconds,), 0.0)] if seconds else []), *lost, (literal, LITERAL))
            tail = seconds if len(seconds) == 1 else b""
            shifted = True
        elif place["tag"] or place["entity"]:
            swallowed = unescape(f"&{place['entity']}") if place["entity"] else ""
            hole((literal, 0.0), ((LEADS, *(bytes((byte,)) for byte in _bytes(swallowed))), LOST_LEAD))
            tail = b""
        elif place["mark"]:
            full = ((b"\xa3", b"\xbf"), FULL_WIDTH)
            hole((literal, 0.0), ((LEADS,), LOST_LEAD), ((LEADS, _ASCII), LOST_PAIR), full)
            tail, shifted = b"", True
        elif place["half"] and shifted:
            wide = chr(ord(seen) + 0xFEE0).encode("gbk")
            hole((literal, 0.0), ((wide[:1], wide[1:]), FULL_WIDTH))
            tail = seen.encode()
        elif not place["across"] or not _annotates(tail, place["across"]):
            known(seen)
    return pattern, costs


_ASCII = bytes(range(0x20, 0x40))
_DROPPED_LEADS = bytes((*range(0xA1, 0xA8), *range(0xAA, 0xB0), *range(0xF8, 0xFF)))
_TRAILS = bytes((*range(0x40, 0x7F), *range(0x80, 0xFF)))


def simplify(text: str) -> Lattice:
    """The text in simplified characters, as before the kit: one for one, and a choice where both scripts have one.

    >>> sorted(simplify("看著後面").texts())
    ['看着后面', '看著后面']
    """
    one, both = _simplified()
    lattice = Lattice()
    done = 0
    for at, char in enumerate(text):
        if char in both:
            if at > done:
                lattice.then(text[done:at].translate(one))
            lattice.branch(*both[char])
            done = at + 1
    return lattice.then(text[done:].translate(one)) if done < len(text) or not text else lattice


@cache
def _simplified() -> tuple[dict[int, str], dict[str, str]]:
    """The characters with one origin, and those with two: themselves, which GB 2312 has too, or the kit's source."""
    origins: dict[str, set[str]] = {}
    for code, char in kit_table().items():
        origins.setdefault(char, set()).add(chr(code))
    one: dict[int, str] = {}
    both: dict[str, str] = {}
    for char, simple in simplify_char_map(_kit_characters()).items():
        sources = origins.get(char, set()) | ({simple} - {char})
        if in_gb2312(char):
            both[char] = char + "".join(sorted(sources - {char}))
        elif simple != char:
            one[ord(char)] = simple
    return one, {char: forms for char, forms in both.items() if len(forms) > 1}
