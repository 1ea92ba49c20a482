"""The evidence of a span: what it costs as it stands, and what a reading of it gains, in bits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from itertools import repeat
from math import inf
from unicodedata import normalize

from mojifix import marks, screen
from mojifix.bom import begun
from mojifix.boxes import drawn
from mojifix.channels.recode import COMMON, CROSSED, LAYER, Glance, Look, Recode
from mojifix.charsets import CHARSETS, LOST, Reader, sure
from mojifix.eaten import NEAR, priced
from mojifix.found import LAYERS, Found
from mojifix.lattice import CUT, UNKNOWN, Lattice
from mojifix.model import Model, State, Step
from mojifix.model.alphabet import KANA
from mojifix.model.latin import EAST, is_western, western
from mojifix.search import Reading, best_reading
from mojifix.signs import punctuated

_JAPANESE = frozenset({"euc-jp", "cp932"})
#: UTF-8 read as GBK: at most half of what is seen are marks. Of 1,100 pieces of eight characters, by any decoder, the
#: most are 40 % (13 % on the average); Big5 shows more
_GBK = frozenset({("utf-8", "gbk"), ("utf-8", "gb18030")})
#: nobody writes it
_STRANGE = re.compile("[\x7f-\x9f\ue000-\uf8ff\U00040000-\U0010ffff]")
_BEYOND = re.compile("[^\0-\x7f]")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_OPAQUE = re.compile(f"[{LOST}\ue000-\uf8ff]")
_HANZI = re.compile("[㐀-鿿]+")
_LISTED = re.compile("[㐀-鿿가-힣]+")
_HALF = re.compile("[｡-ﾟ]+")
_SCRIPTS = re.compile("[\u0370-\u06ff]")
_WORD = re.compile("[A-Za-z]+")
_CASES = re.compile("[а-яѐ-џґά-ώ](?=[Ѐ-ЯҐΆ-Ϋ])")
_AGAIN = re.compile("(.)\\1{2,}")
#: characters before and behind a run that say what it may be
BEFORE, BEHIND = 8, 3
#: bits to say that it is here that the text is damaged
HERE = 2.0
#: bits that a span needs where another one has shown the channel to be at work
WEAK = 10.0
#: bits a character that a span costs at least that shows hanzi and was not written in UTF-8: EUC-JP read as GBK, which
#: has its kana still, 7 and more, GBK read as EUC-KR 9.9, Big5 read as GBK 12.5
ROUGH = 7.0
#: bits more for what may be a letter of the Latin word around it (`marks.GLUED`). Clean text has not one in 2 ** 27
#: characters, and damaged European text one in 38 letters, so that one is worth 27 bits and more; in the model, where
#: words are one symbol, it is 7 to 15 ("f眉r" 7 in a string of code, which no prose has)
GLUED = 20.0
#: bits of the same where a word begins or ends (`marks.EDGES`) in a line of so many Latin words with no other hanzi; a
#: line of fewer may be an entry of a word list, and must gain so much more. Of 300 pieces of European sentences with
#: one such letter 295 are repaired, with 4 words 285, with 6 bits then 261; of 2,772 English words with a hanzi that
#: is in use stuck on, alone or with another, none is altered; without the words 462
EDGE, WORDS = 8.0, 3
#: bits of a letter of Greek, Cyrillic, Hebrew or Arabic that is the only one of its line, or of so few among hanzi:
#: rare hanzi, one a line in a list or two in a sentence, were taken for such letters with 1 to 21 bits
LONELY, FEW = 10.0, 3
#: bits of a small Russian or Greek letter and a capital behind it: in 450,000 characters of such text five, and every
#: fourth letter of what bytes above 7F are read as
CASES = 8.0
#: bits of each hanzi where a Japanese charset has no kana: of 8 characters of Japanese hardly any is so, of GBK taken
#: for EUC-JP all are. GBK read as UTF-8, of which half is lost, was Japanese in 3 of 20 sentences, and is in none
BARE = 2.0
#: bits of a list of hanzi or syllables: that it is one, and of each, one of 20,000. In the model rare hanzi cost 20 to
#: 26, so that lists of them gain by any other reading: of 4,000 of four hanzi the best 37 bits, so 21; of 1,300 of
#: twelve 78 and 37. Of 12,000 lists of random syllables none is altered, of as many 1 % if only hanzi are listed
LIST, ENTRY = 24.0, 14.0
#: bits of a run of half-width kana, which are kana: 16 each in the model, and hanzi in GBK would cost less than a word
NARROW = 6.0
#: bits of a private-use character: one of 6,400, in text with icons; in the model it is next to impossible
PRIVATE = 20.0
#: bits of a character beyond ASCII that is valid in UTF-8 with all of its neighbours: of 3.5 M single hanzi and marks
#: 14 % are, of three 0.3 %, of six seven in a million, so 2.8 each; letters beyond ASCII in Latin words next to never
VALID = 2.8
#: bits of a character of two bytes that says nothing, one of 94 * 94; and of one that is as rare as in prose,
#: wherever it stands. Chinese costs 10 on the average: of 23,000 runs of GBK read as cp949 16 seem to be text, of
#: EUC-JP read as GBK one in ten, of 850,000 others in another charset, or that begin with half a character, none
NOISE, PLAIN = 13.1, 20.0


def enough(price: float) -> float:
    """Bits that a reading gains at least, where it is worth a thought."""
    return max(0.0, price + WEAK - COMMON)


def exact(text: str, start: int, end: int, chain: tuple[Recode, ...], model: Model) -> Found | None:
    """A span as a channel that is at work reads it, where nothing is open, and that it is valid UTF-8 or all of common
    characters is evidence enough: what takes most of the time, its cost as it stands and as it reads, is not asked."""
    seen = text[start:end]
    read: str | None = seen
    for row in chain:
        read = row.exact(read) if read is not None else None
    if read is None or _STRANGE.search(read):
        return None
    if chain[-1].charset == "utf-8":
        bits = VALID * len(_BEYOND.findall(seen))
    else:
        costs = [*map(model.alone, _BEYOND.findall(read))]
        bits = NOISE * len(costs) - sum(costs) if max(costs, default=inf) <= PLAIN else 0.0
    found = Found(start, end, chain, bits - HERE - LAYER * (len(chain) - 1), Reading(read, 0.0, ()))
    return found if found.bits > 2 * WEAK + found.price else None


class Seen:
    """A span as it stands: what is around it, and what it costs; `told` says that a channel is at work near it."""

    def __init__(self, text: str, start: int, end: int, model: Model, told: bool = False) -> None:
        self.start, self.end, self._model, self._told = start, end, model, told
        self.glance = Glance(text[start:end])
        self._least: dict[tuple[type[Reader], Look], float] = {}
        self.text, self._then = text[start:end], text[end : end + BEHIND] or "\n"
        line = text[max(0, start - NEAR) : start].rpartition("\n")[2]
        self._before = line[-BEFORE:]
        self._around = line, text[end : end + NEAR].partition("\n")[0] + "\n"
        self._marked = 2 * self.text.count(LOST) > len(self.text)
        self._glued = text, start, end + 1

    @cached_property
    def _state(self) -> State:
        return self._model.script(self.text)(self._model.start, self._before)[1]

    @cached_property
    def bits(self) -> float:
        """Bits as it stands. A lost character is some character; one that goes on and on is soon expected."""
        rest, total = drawn(self.text + self._then)
        text, narrow = _wide(rest)
        total += CASES * len(_CASES.findall(self.text))
        total += GLUED * len(marks.GLUED.findall(*self._glued)) + NARROW * narrow
        total += UNKNOWN * text.count(LOST) + PRIVATE * len(_PRIVATE.findall(text))
        steps = [self._model.script(self.text)]
        if is_western(self.text.join(self._around)):
            steps.append(western(self._model))
        return total + min([self._cost(step, _OPAQUE.split(text)) for step in steps])

    def _cost(self, step: Step, parts: Iterable[str]) -> float:
        total = 0.0
        for number, part in enumerate(parts):
            squeezed = _AGAIN.sub(r"\1\1", part)
            bits, _ = step(self._model.unknown if number else self._state, squeezed)
            total += bits + len(part) - len(squeezed)
        return total

    @cached_property
    def listed(self) -> float:
        """The same, where it may be a list of hanzi or syllables that have nothing to do with each other."""
        text, narrow = _wide(self.text)
        step, parts = self._model.script(self.text), _LISTED.split(text)
        others = NARROW * narrow + sum(step(self._model.unknown, part)[0] for part in parts if part)
        return min(self.bits, LIST + ENTRY * (len(text) - sum(map(len, parts))) + others)

    def crossed(self) -> list[Recode]:
        """The rows of `CROSSED` that may explain it, by its characters: what these would be costs less than it must, or
        less than they do."""
        then, own = self._model.alone(self._then), self._model.alone(self.text)
        costs, may = zip(*map(_pieces, repeat(self._model), self.glance.seen), strict=True), set()
        for row, bits in zip(_LOOKS, costs, strict=True):
            least = sum(bits)  # no number, where what can not be stands behind what tells nothing: then it may be
            if least != inf and (least < own or not least + then >= self._most(row)):
                may.add(row.look)
        return [row for row in CROSSED if row.look in may]

    def may(self, row: Recode) -> bool:
        """Whether a row may explain it: it costs enough, and by as much as must be gained more than what the row has
        surely read. UTF-8 need not be asked how much, for hardly any bytes are UTF-8."""
        if self._marked and row.look[:2] in _GBK:
            return False
        if row.policy.family == "hanzi" and row.charset != "utf-8" and self.bits <= ROUGH * len(self.text):
            return False
        return 0 < self._most(row) > self.least(row)

    def again(self, row: Recode, glance: Glance) -> bool:
        """The same of what another row has left; its characters may cost as much as what is seen."""
        return max(self._most(row) - LAYER, self._model.alone(self.text)) > self._known(row, glance)

    def _most(self, row: Recode) -> float:
        """Bits that a reading by a row may cost."""
        return (self.bits if row.charset == "utf-8" else self.listed) - HERE - enough(row.bits)

    def least(self, row: Recode) -> float:
        """Bits that any reading by a row costs."""
        key = type(row.policy), row.look
        if key not in self._least:
            self._least[key] = self._known(row, self.glance)
        return self._least[key]

    def _known(self, row: Recode, glance: Glance) -> float:
        """Bits of what a row has surely read: character by character; and in the model, if that is less than what is
        seen costs so, and all of it. Of what may have been damaged before nothing is known."""
        runs, cut = glance.reads(row)
        if row.saved and LAYERS & screen.families(LOST.join(ways[0] for ways in runs)):
            return 0.0
        alone, ends = self._model.alone, cut * (CUT + UNKNOWN)
        least = ends + alone(self._then) + sum(min(map(alone, ways)) for ways in runs)
        if len(runs) != 1 or least > max(self.bits, alone(self.text)):
            return least
        text = runs[0][0]
        return ends + self._model.script(text)(self._state, text + self._then)[0]

    def readings(self, ways: Iterable[tuple[tuple[Recode, ...], Lattice]]) -> Iterator[Found]:
        """How it may read, channel by channel, where that is better than it stands."""
        model, around = self._model, self._around
        for chain, lattice in ways:
            line = punctuated(priced(lattice, model, *around), around[0])
            if not self.start:
                line = begun(line, model)
            step = western(model) if is_western(line.known() + "".join(around)) else None
            reading = best_reading(line, model, start=self._state, then=self._then, around=around, step=step)
            found = Found(self.start, self.end, chain, self._gained(chain, reading), reading)
            lost = LOST in reading.text and chain[-1].policy.family in LAYERS
            alone = chain[-1].charset != "utf-8" and len(reading.text) < 2  # any two letters, as "§А"
            same = reading.text in ("", self.text) or lost or alone or _STRANGE.search(reading.text)
            if found.bits > enough(found.price) and not same and not self._noise(found):
                yield found

    def _gained(self, chain: tuple[Recode, ...], reading: Reading) -> float:
        """Bits by which a reading is better."""
        bits = (self.bits if chain[-1].charset == "utf-8" else self.listed) - reading.bits
        bits -= HERE + LAYER * (len(chain) - 1)
        line = reading.text.join(self._around)
        if not EAST.search(line):
            edges = len(marks.EDGES.findall(*self._glued))
            bits += EDGE * edges if self._told or len(_WORD.findall(line)) >= WORDS else -EDGE * edges
        if not self._told and 0 < len(_SCRIPTS.findall(line)) <= (FEW if EAST.search(line) else 1):
            bits -= LONELY
        if chain[-1].charset in _JAPANESE and not KANA.search(reading.text):
            bits -= BARE * sum(map(len, _HANZI.findall(reading.text)))
        return bits

    def _noise(self, found: Found) -> bool:
        """Whether what single bytes seem to be costs more than bytes that are anything: Russian that was read in
        another of its charsets is no Chinese."""
        row, reading = found.chain[-1], found.reading
        if row.charset == "utf-8" or row.policy.family != "latin":
            return False
        beyond = "".join(_BEYOND.findall(reading.text))
        return min(reading.bits, self._model.alone(beyond)) > LIST + NOISE * len(beyond)


#: a row for each look that the rows of `CROSSED` take
_LOOKS = [*{row.look: row for row in CROSSED}.values()]


@lru_cache(1 << 13)
def _pieces(model: Model, char: str) -> list[float]:
    """Bits that a character costs at least where it is read as each of `_LOOKS` does; infinite where it can not be, and
    less than any where its bytes tell nothing of where characters begin."""
    return [_piece(model, char, *row.look[:2]) for row in _LOOKS]


def _piece(model: Model, char: str, name: str, codec: str) -> float:
    charset = CHARSETS[name]
    try:
        data, *others = sure(char, codec)
        if name == "utf-8":
            return 0.0 if others or charset.reads(data, True) else inf
        return -inf if others else model.alone(data.decode(charset.codec))
    except UnicodeEncodeError:
        return inf
    except UnicodeDecodeError:
        return -inf if charset.reads(data, True) else inf


def _wide(text: str) -> tuple[str, int]:
    """A text with kana for half-width ones, and how many runs of them it has."""
    return _HALF.subn(lambda run: normalize("NFKC", run[0]), text)
