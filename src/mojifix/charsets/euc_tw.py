r"""EUC-TW, which CPython lacks: planes 1 and 2 of CNS 11643, which are Big5 in another order.

Compared cell by cell with glibc's iconv: all 13,484 characters are the same, and only the 33 pictures of controls are
not here. The planes beyond have 43,000 rare characters; they are in no codec of CPython and stay bytes here.

>>> decode(bytes.fromhex("c4e3c5c6 0a 8ea2a1a1 41"))
'中文\n乂A'
"""

from __future__ import annotations

import codecs
import re
from functools import cache

# Runs of cells that are alike: where one begins in the plane and in Big5 (94 and 157 cells to the row), and its length.
_PLANE1 = (
    "0:0:5 6:6:15 21:23:2 24:22:1 29:29:44 73:74:1 74:73:1 75:75:21 98:98:1 100:100:27 127:128:1 "
    "128:127:1 130:130:14 146:146:2 148:149:1 149:148:1 150:150:4 155:21:1 156:156:78 282:234:29 "
    "312:264:1 314:266:142 470:6101:20 3290:471:1412 4702:1884:424 5126:1883:1 5127:2308:1876 7003:4571:1 "
    "7004:4184:387 7391:4572:525 7916:5286:1 7917:5097:105 8023:5203:83 8106:5287:84 8190:5517:1 "
    "8191:5371:54 8245:5426:1 8246:5425:1 8247:5427:90 8337:5518:354 "
)
_PLANE2 = (
    "0:6280:10 10:6291:33 43:6372:1 44:6324:48 92:6373:46 138:6586:1 139:6419:167 306:6587:1840 "
    "2146:9074:1 2147:8428:108 2255:8537:537 2792:8427:1 2793:9075:100 2893:8536:1 2894:9175:399 "
    "3293:9575:1637 4930:11761:1 4931:11212:146 5077:11899:1 5078:11358:287 5365:12508:1 5366:11645:116 "
    "5482:11762:137 5619:11900:104 5723:12425:1 5724:12004:222 5946:12227:198 6144:12426:82 6226:12509:86 "
    "6312:12226:1 6313:12595:8 6321:12604:153 6474:12758:56 6530:13114:1 6531:12814:113 6644:12603:1 "
    "6645:12927:142 6787:12757:1 6788:13069:45 6833:13115:71 6904:13380:1 6905:13186:194 7099:13381:490 "
    "7589:13914:1 7590:13871:43 7633:13915:1 7634:13917:11 7645:13916:1 7646:13928:4 "
)
# Signs that Big5 has not, or writes otherwise.
_SIGNS = {
    5: "・", 23: "︲", 96: "‾", 129: "∼", 144: "♁", 145: "☉", 154: "‖", 490: "ⅰ", 491: "ⅱ", 492: "ⅲ", 493: "ⅳ",
    494: "ⅴ", 495: "ⅵ", 496: "ⅶ", 497: "ⅷ", 498: "ⅸ", 499: "ⅹ", 571: "亠", 578: "冫", 583: "勹", 8022: "彞",
}  # fmt: skip
_CELL = re.compile(rb"[\xa1-\xfe][\xa1-\xfe]|\x8e[\xa1\xa2][\xa1-\xfe][\xa1-\xfe]")
_HIGH = re.compile(rb"(?:[\xa1-\xfe][\xa1-\xfe]|\x8e[\xa1\xa2][\xa1-\xfe][\xa1-\xfe])+|[\x00-\x7f]+")


@cache
def _cells() -> dict[bytes, str]:
    """Character by cell."""
    found: dict[bytes, str] = {}
    for prefix, runs in ((b"", _PLANE1), (b"\x8e\xa1", _PLANE1), (b"\x8e\xa2", _PLANE2)):
        for run in runs.split():
            at, place, length = map(int, run.split(":"))
            for more in range(length):
                row, column = divmod(place + more, 157)
                big5 = bytes((0xA1 + row, 0x40 + column if column < 63 else 0x62 + column))
                found[prefix + _cell(at + more)] = big5.decode("cp950")
        if runs is _PLANE1:
            found |= {prefix + _cell(at): sign for at, sign in _SIGNS.items()}
    return found


def _cell(at: int) -> bytes:
    row, column = divmod(at, 94)
    return bytes((0xA1 + row, 0xA1 + column))


def decode(data: bytes, errors: str = "strict") -> str:
    """Text of bytes in EUC-TW; `errors` as of `bytes.decode`."""
    get, parts, at = _cells().get, [], 0
    while at < len(data):
        run = _HIGH.match(data, at)
        bad = at
        if run and run[0].isascii():
            parts.append(run[0].decode("ascii"))
            at = run.end()
            continue
        for cell in _CELL.finditer(data, at, run.end()) if run else ():
            if (char := get(cell[0])) is None:
                break
            parts.append(char)
            bad = cell.end()
        at = bad
        if not run or bad < run.end():
            error = UnicodeDecodeError("euc-tw", data, bad, bad + 1, "no character of planes 1 and 2")
            text, at = codecs.lookup_error(errors)(error)
            parts.append(str(text))
    return "".join(parts)
