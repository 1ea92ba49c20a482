"""GBK of which a seven-bit line has cleared every high bit: 中文 is D6D0 CEC4 and came as VPND.

Two such bytes are a hanzi of GB 2312, or two ASCII characters; which, the model says. It is done on request, since any
ASCII text can be read like that.

>>> data = bytes(value & 0x7F for value in "今天天气很好 OK".encode("gbk"))
>>> data, reading(data).text(data)
(b'=qLlLlFx:\\\\:C OK', '今天天气很好 OK')
"""

from __future__ import annotations

from mojifix.charsets.tables import cells
from mojifix.model import State, load
from mojifix.reading import SEVEN, Part, Reading

#: bits that hanzi begin or end here
SWITCH = 6.0


def reading(data: bytes) -> Reading:
    """The likeliest parts of ASCII that are hanzi, in time linear in the bytes."""
    model = load()
    step = model.simplified
    table = cells("gb2312")
    # By place and by what ends there (hanzi or not): bits, state, and whether what is before was hanzi.
    best: list[dict[bool, tuple[float, State, bool]]] = [{False: (0.0, model.start, False)}]
    best += [{} for _ in data]
    for at, value in enumerate(data):
        pair = bytes([more | 0x80 for more in data[at : at + 2]])
        hanzi = table.get(pair) if len(pair) == 2 else None
        for was, (bits, state, _) in best[at].items():
            for char, to, now in ((chr(value), at + 1, False), (hanzi, at + 2, True)):
                if char:
                    more, after = step(state, char)
                    total = bits + more + SWITCH * (now is not was)
                    if now not in best[to] or total < best[to][now][0]:
                        best[to][now] = total, after, was
    parts: list[Part] = []
    at, now = len(data), min(best[-1], key=lambda key: best[-1][key][0])
    while at:
        before = at - 1 - now
        name = SEVEN if now else "ascii"
        if parts and parts[-1].encoding == name:
            parts[-1] = Part(before, parts[-1].end, name)
        else:
            parts.append(Part(before, at, name))
        at, now = before, best[at][now][2]
    return Reading(tuple(parts[::-1]))
