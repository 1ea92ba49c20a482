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
from collections.abc import Iterator
from functools import cache
from html import unescape

from mojifix.channels.kit_damage import kit_table
from mojifix.channels.pinyin_evidence import (
    ACROSS,
    ANNOTATION,
    LETTERS,
    MARK,
    STUMP,
    SWALLOWED,
    annotates,
    gbk,
    is_across,
    kit_characters,
)
from mojifix.channels.readings import readings
from mojifix.charsets import LEADS, LOST, Pattern
from mojifix.lattice import Lattice, read
from mojifix.plan import Edit
from mojifix.variants import in_gb2312, simplify_char_map

NAME = "pinyin-kit"
#: a shift goes on to the next ASCII character; farther than this no dropped character is looked for
MOST_SHIFTED = 20
_SHIFTED_RUN = re.compile(f"^[^\x00-\x7f]{{0,{MOST_SHIFTED}}}[@-~]?")
_IN_BRACKETS = re.compile(f"\\(([{LETTERS}]{{1,6}})\\)")
#: the places of a line that need the bytes
_PLACES = re.compile(
    f"(?P<shift>[?\ufffd]\\(?(?P<reading>[{LETTERS}]{{1,6}})\\))"
    f"|\\((?P<across>[{LETTERS}]{{1,6}})\\)"
    "|[?\ufffd](?P<tag>/?[a-z][a-z0-9]{0,9}(?: [^<>\n]{0,200})?/?>)"
    "|[?\ufffd](?P<entity>#?[a-zA-Z0-9]{2,8};)"
    "|(?P<mark>[?\ufffd])"
    "|(?P<half>[,:;!()])"
)
# Bits of the readings of a place. `benchmarks/kit.py --constants` halves and doubles each, on 160 sentences with lists
# that hit many pairs: at most one sentence more is wrong (LOST_LEAD x 0.5, LOST_PAIR x 2, DROPPED x 2), none is better;
# half of FULL_WIDTH makes a third more guesses. They only keep a reading that the text does not need from being free.
FULL_WIDTH = 8.0  # , was ，: costs more than ， saves in text whose marks are all ASCII
LOST_LEAD = 6.0  # a ? was the first byte of a pair
LOST_PAIR = 10.0  # ... and an ASCII character was swallowed with it
LOST_CHARACTER = 8.0  # nothing is left of an annotated character but its reading
LITERAL = 24.0  # ?qū) stands for itself
DROPPED = 5.0  # a private-use character was dropped here, two bytes with it: 7 % of the pairs read across boundaries


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
    shifts = any(m[1] in known for m in SWALLOWED.finditer(line))
    across = any(map(is_across, ACROSS.finditer(line)))
    return shifts or across or bool(STUMP.search(line) or MARK.search(line))


def undo_shifts(line: str, *, dropped: bool = False) -> Lattice | None:
    """All that a line may have been before pairs were matched across its character boundaries.

    With `dropped`, private-use characters may be missing in a shift. None if GBK can not have held the line.

    >>> texts = undo_shifts("再?gòu)募夹g(shù)上看").texts()
    >>> "再從技術上看" in texts
    True
    """
    spare = [chr(code) for code in (*range(1, 9), *range(14, 32)) if chr(code) not in line]
    strangers = sorted({char for char in line if char not in "?\ufffd" and gbk(char) == b"?"})
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
    read = -1  # the end of the last reading: a run that was read again begins with its mark

    def hole(*alternatives: tuple[tuple[bytes, ...], float]) -> None:
        costs[len(pattern)] = tuple(bits for _, bits in alternatives)
        pattern.append(tuple(sets for sets, _ in alternatives))

    def known(text: str) -> None:
        nonlocal tail
        if text:
            data = gbk(text)
            pattern.append(data)
            tail = (tail + data)[-2:]

    across = {match.end(2) for match in ACROSS.finditer(line) if is_across(match)}
    done = 0
    for place in (*_PLACES.finditer(line), None):
        before = line[done : place.start()] if place else line[done:]
        if shifted and before:  # a shift ends at ASCII; in it a private-use character may have been dropped
            run = _SHIFTED_RUN.findall(before)[0]
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
        literal = tuple(bytes((byte,)) for byte in gbk(seen))
        hits = readings().get(place["reading"] or "")
        if hits:
            codes = [char.encode("gbk") for char in hits]
            seconds = bytes(sorted({code[1] for code in codes if code[:1] == tail[-1:]}))
            lost = [((code[:1], code[1:]), LOST_CHARACTER) for code in codes]
            hole(*([((seconds,), 0.0)] if seconds else []), *lost, (literal, LITERAL))
            tail = seconds if len(seconds) == 1 else b""
            shifted, read = True, done
        elif place["tag"] or place["entity"]:
            swallowed = unescape(f"&{place['entity']}") if place["entity"] else ""
            hole((literal, 0.0), ((LEADS, *(bytes((byte,)) for byte in gbk(swallowed))), LOST_LEAD))
            tail = b""
        elif place["mark"]:
            # The byte behind is gone, too, unless a mark was cut out there, the text ends, or the decoder is another.
            alone = seen == LOST or line[done : done + 1] in _MARKS or done - len(seen) == read
            last = [((LEADS,), LOST_LEAD)] if alone else []
            hole((literal, 0.0), *last, ((LEADS, _ASCII), LOST_PAIR), ((b"\xa3", b"\xbf"), FULL_WIDTH))
            tail, shifted = b"", True
        elif place["half"] and shifted:
            wide = chr(ord(seen) + 0xFEE0).encode("gbk")
            hole((literal, 0.0), ((wide[:1], wide[1:]), FULL_WIDTH))
            tail = seen.encode()
        elif dropped and (firsts := _firsts(place["across"] or "", tail)):
            last_run = pattern.pop()[:-1]
            pattern += [last_run] * bool(last_run)
            hole(((_DROPPED_LEADS, firsts), DROPPED))
            pattern.append(tail[-1:])
        elif not place["across"] or not (place.start() in across or annotates(tail, place["across"])):
            known(seen)
    return pattern, costs


def _firsts(reading: str, tail: bytes) -> bytes:
    r"""The first bytes of the characters with this reading that have the last byte, for the byte before was dropped.

    >>> _firsts("shù", b"\xaeg").hex(" "), _firsts("shù", b"\xd0g")
    ('d0', b'')
    """
    codes = [char.encode("gbk") for char in readings().get(reading, "")]
    if tail in codes or not b"@" <= tail[-1:] <= b"\x80":
        return b""
    return bytes(sorted({code[0] for code in codes if code[1:] == tail[-1:]}))


def unexplained(text: str) -> bool:
    """Whether a reading is left in a text: of a character that was dropped in part.

    >>> unexplained("因为决(bǎn)定"), unexplained("因为决(yes)定")
    (True, False)
    """
    return any(match[1] in readings() and not match[1].isascii() for match in _IN_BRACKETS.finditer(text))


_ASCII = bytes(range(0x20, 0x40))
_MARKS = ("", "\r", "\n", *",;!?，；！？")
_DROPPED_LEADS = bytes((*range(0xA1, 0xA8), *range(0xAA, 0xB0), *range(0xF8, 0xFF)))
_TRAILS = bytes((*range(0x40, 0x7F), *range(0x80, 0xFF)))


def simplify(text: str) -> Lattice:
    """The text in simplified characters, as before the kit: one for one, and a choice where both scripts have one.

    >>> sorted(simplify("看著國家").texts())
    ['看着国家', '看著国家']
    """
    one, both = _simplified()
    lattice = Lattice()
    done = 0
    for at, char in enumerate(text):
        if char in both:
            if at > done:
                lattice.then(text[done:at].translate(one))
            lattice.branch(both[char])
            done = at + 1
    return lattice.then(text[done:].translate(one)) if done < len(text) or not text else lattice


def simplified(text: str) -> str:
    """The text in simplified characters, except where both scripts have a character."""
    return text.translate(_simplified()[0])


@cache
def _simplified() -> tuple[dict[int, str], dict[str, str]]:
    """The characters with one origin, and those with two: themselves, which GB 2312 has too, or the kit's source."""
    origins: dict[str, set[str]] = {}
    for code, char in kit_table().items():
        origins.setdefault(char, set()).add(chr(code))
    one: dict[int, str] = {}
    both: dict[str, str] = {}
    for char, simple in simplify_char_map(kit_characters()).items():
        sources = origins.get(char, set()) | ({simple} - {char})
        if in_gb2312(char):
            both[char] = char + "".join(sorted(sources - {char}))
        elif simple != char:
            one[ord(char)] = simple
    return one, {char: forms for char, forms in both.items() if len(forms) > 1}
