"""The accidents of the benchmarks: a table apart from the library's own.

What a codec of the standard library does is done with it; the library's `POLICIES` are used for programs that Python
has no codec for (they were compared with the programs). Groups: A UTF-8 read as GBK, B nested, C half-mended, D read as
single bytes, E UTF-8 read as single bytes, F East Asian crosses, G GBK read as UTF-8, H damage inside other text. A row
of the library's table that is not here is added as a group of its own.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from common import LOST, ftfy
from damages import LANGUAGES, TRADITIONAL, WEB, Browser, Channel, Codec, Reader

from mojifix.channels.recode import RECODES
from mojifix.charsets import POLICIES

#: text that a charset is for
FILES = {"big5": TRADITIONAL, "euc-jp": "japanese", "cp932": "japanese", "cp949": "korean"}
PRIVATE = re.compile("[\ue000-\uf8ff]")


def channels() -> Iterator[Channel]:
    """The table."""
    seen = set()
    for part in (_gbk, _nested, _half_mended, _single_bytes, _western, _crosses, _lost, _inside):
        for channel in part():
            seen.add(channel.name.removesuffix(f", {channel.file}"))
            yield channel
    for row in RECODES:
        if row.name not in seen:
            file = FILES.get(row.charset, WEB)
            yield Channel("other", row.name, ((row.charset, row.policy),), row.damage, file)


def _read(group: str, charset: str, reader: Reader, file: str = WEB) -> Channel:
    named = f", {file}" if file not in (WEB, TRADITIONAL) else ""
    return Channel(group, f"{charset} read as {reader.name}{named}", ((charset, reader),), file=file)


def _twice(group: str, *readers: Reader, file: str = WEB) -> Channel:
    names = ", then as ".join(reader.name for reader in readers)
    return Channel(group, f"utf-8 read as {names}", tuple(("utf-8", reader) for reader in readers), file=file)


# A -------------------------------------------------------------------------------------------------------------------

KEEP = ("cp936/icu", "gb18030/cpython", "gbk/whatwg", "gbk/java")
SWALLOW = ("cp936/windows", "cp936/windows-fffd")
MARKED = ("gbk/cpython", *KEEP, "gbk/go", *SWALLOW)
DROP = ("gbk/cpython-ignore", "gbk/glibc")


def _gbk_reader(name: str) -> Reader:
    if name in ("gbk/cpython", "gb18030/cpython", "gbk/cpython-ignore"):
        return Codec(name.partition("/")[0], "ignore" if name.endswith("ignore") else "replace")
    return POLICIES[name]


def _gbk() -> Iterator[Channel]:
    for name in (*MARKED, *DROP):
        yield _read("A", "utf-8", _gbk_reader(name))
    icu, browser = POLICIES["cp936/icu"], POLICIES["gbk/whatwg"]

    def cleaned(text: str) -> str:
        return PRIVATE.sub("", icu.decode(text.encode()))

    def form(text: str) -> str:
        """Shown by a browser, sent by a form of the same page: the marks of loss become &#65533;."""
        return browser.decode(browser.encode(browser.decode(text.encode())))

    yield Channel("A", "utf-8 read as cp936/icu, private use removed", how=cleaned)
    yield Channel("A", "utf-8 read as gbk/whatwg, sent by a form (&#NNN;)", how=form)
    for name in ("cp936/icu", "gbk/cpython"):
        yield _cut(name)
    for name in ("cp936/icu", "gbk/cpython"):
        for language in LANGUAGES:
            yield _read("A", "utf-8", _gbk_reader(name), language)


def _cut(name: str) -> Channel:
    """A field of limited length: its last character lost one byte or two. To leave it off, to mark it as lost and to
    know what it was are all right; to put another there is not."""
    reader = _gbk_reader(name)

    def how(text: str) -> str:
        if text[-1].isascii():
            return text
        return reader.decode(text.encode()[: -random.Random(text).randrange(1, len(text[-1].encode()))])

    def answers(text: str) -> tuple[str, ...]:
        return text, text[:-1], text[:-1] + LOST

    return Channel("A", f"utf-8 cut in mid-character, read as {name}", how=how, answers=answers)


# B, C ----------------------------------------------------------------------------------------------------------------


def _nested() -> Iterator[Channel]:
    icu, cpython = POLICIES["cp936/icu"], _gbk_reader("gbk/cpython")
    windows, browser = POLICIES["cp936/windows"], Browser("cp1252")
    yield _twice("B", icu, icu)
    yield _twice("B", cpython, cpython)
    yield _twice("B", windows, windows)
    yield _twice("B", POLICIES["gbk/whatwg"], POLICIES["gbk/whatwg"])
    yield _twice("B", icu, cpython)
    yield _twice("B", windows, icu)
    yield _twice("B", browser, icu)
    yield _twice("B", Codec("latin-1"), cpython)
    yield _twice("B", icu, browser)
    yield _twice("B", cpython, Codec("latin-1"))
    yield _twice("B", icu, icu, icu)
    yield Channel("B", "utf-8 read as cp936/icu six times", (("utf-8", icu),) * 6)


def _half_mended() -> Iterator[Channel]:
    for name in MARKED:
        policy = POLICIES[name]

        def back(text: str, policy: Reader = policy) -> str:
            return policy.encode(policy.decode(text.encode())).decode("utf-8", "replace")

        yield Channel("C", f"utf-8 read and written as {name}", how=back)

    holes = bytes.maketrans(b"\x81\x8d\x8f\x90\x9d", b"?????")

    def western(text: str) -> str:
        return text.encode().translate(holes).decode("utf-8", "replace")

    yield Channel("C", "utf-8 read and written as cp1252", how=western)
    yield Channel("C", "utf-8 decoded in pieces", how=_pieces)
    yield Channel("C", "utf-8 with one byte in 40 lost", how=_holes)


def _pieces(text: str) -> str:
    """A stream cut inside characters, about one in 16, and each piece decoded on its own."""
    rng, wide = random.Random(text), [i for i, char in enumerate(text) if len(char.encode()) > 1]
    found, start = "", 0
    data = text.encode()
    for i in sorted(rng.sample(wide, max(1, len(wide) // 16))):
        cut = len(text[:i].encode()) + rng.randrange(1, len(text[i].encode()))
        found += data[start:cut].decode("utf-8", "replace")
        start = cut
    return found + data[start:].decode("utf-8", "replace")


def _holes(text: str) -> str:
    rng, data = random.Random(text), bytearray(text.encode())
    wide = [i for i, byte in enumerate(data) if byte > 0x7F]
    for i in rng.sample(wide, max(1, len(wide) // 40)):
        data[i] = 0xFF
    return data.decode("utf-8", "replace")


# D, E ----------------------------------------------------------------------------------------------------------------


def _single_bytes() -> Iterator[Channel]:
    readers: tuple[Reader, ...] = Codec("latin-1"), *map(Browser, ("cp1252", "cp1250", "cp1251")), Codec("cp1252")
    for reader in readers:
        yield _read("D", "gbk", reader)
    for codec in ("cp437", "cp850", "koi8-r", "mac-roman"):
        yield _read("D", "gbk", Codec(codec))
    yield Channel("D", "gbk read as latin-1, then ftfy.fix_text", how=lambda text: _after(text, ftfy))
    yield Channel("D", "gbk read as latin-1, then ftfy.fix_encoding", how=lambda text: _after(text, _fix_encoding))
    for charset in ("euc-jp", "cp932", "cp949"):
        yield _read("D", charset, Codec("latin-1"), FILES[charset])
    yield _read("D", "big5", Codec("latin-1"), TRADITIONAL)


def _after(text: str, tool: Callable[[str], str]) -> str:
    """As the tool left it; texts that it left alone are those of another row."""
    seen = text.encode("gbk").decode("latin-1")
    left = tool(seen)
    return text if left == seen else left


def _fix_encoding(text: str) -> str:
    from ftfy import fix_encoding

    return str(fix_encoding(text))


def _western() -> Iterator[Channel]:
    latin, browser = Codec("latin-1"), Browser("cp1252")

    def printable(reader: Browser | Codec, text: str) -> str:
        return re.sub("[\x80-\x9f]", "", reader.decode(text.encode()))

    for reader in (latin, browser, Codec("cp1252"), Codec("cp1252", "ignore")):
        yield _read("E", "utf-8", reader)
    for reader in (latin, browser):
        yield Channel("E", f"utf-8 read as {reader.name}, C1 removed", how=partial(printable, reader))
    for codec in ("cp1251", "cp437", "cp850", "koi8-r", "mac-roman"):
        yield _read("E", "utf-8", Browser(codec) if codec == "cp1251" else Codec(codec))
    yield _twice("E", latin, latin)
    yield _twice("E", browser, browser)
    yield _twice("E", browser, browser, browser)
    for language in LANGUAGES:
        yield _read("E", "utf-8", browser, language)
        yield _read("E", "utf-8", Codec("cp1252"), language)


# F, G ----------------------------------------------------------------------------------------------------------------


def _crosses() -> Iterator[Channel]:
    gbk = _gbk_reader("gbk/cpython")
    for codec in ("big5", "cp932", "cp949", "euc-jp"):
        yield _read("F", "gbk", Codec(codec))
    yield _read("F", "big5", gbk, TRADITIONAL)
    yield _read("F", "big5", POLICIES["cp936/icu"], TRADITIONAL)
    yield _read("F", "cp932", gbk, "japanese")
    yield _read("F", "euc-jp", gbk, "japanese")
    yield _read("F", "cp949", gbk, "korean")
    for codec in ("big5", "cp950", "cp949", "cp932"):
        yield _read("F", "utf-8", Codec(codec), TRADITIONAL if codec in ("big5", "cp950") else WEB)
    yield _read("F", "utf-8", Codec("cp932"), "japanese")
    yield _read("F", "utf-8", Codec("cp949"), "korean")
    yield _twice("F", Codec("cp932"), Codec("cp932"), file="japanese")


def _lost() -> Iterator[Channel]:
    def once(text: str) -> str:
        return text.encode("gbk").decode("utf-8", "replace")

    def again(text: str) -> str:
        return POLICIES["cp936/icu"].decode(once(text).encode())

    def japanese(text: str) -> str:
        return text.encode("euc-jp").decode("utf-8", "replace")

    yield Channel("G", "gbk read as utf-8", how=once)
    yield Channel("G", "gbk read as utf-8, that as cp936/icu (锟斤拷)", how=again)
    yield Channel("G", "euc-jp read as utf-8, japanese", how=japanese, file="japanese")


# H -------------------------------------------------------------------------------------------------------------------

FRAMES = (
    '    log.info("{}");  // {{}}',
    '{{"id": 12, "title": "{}", "tags": ["a", "b"]}}',
    '<p class="note">{}</p>',
    "1024,{},2023-05-06,ok",
    "2023-05-06 12:00:01 [INFO] {} (12 ms)",
    "## {}\n\nSee `config.yaml`.",
)
AROUND = "请先安装依赖，然后运行测试。\n", "\n配置文件放在用户目录下，重启后生效。"
OTHERS = "数据库连接失败，请检查网络设置。", "这个版本修复了登录页面的错误。"


def _inside() -> Iterator[Channel]:
    """The whole text went through the program, code and all; or a sentence of a clean page alone; or three did, each
    through another."""
    for name in ("gbk/cpython", "cp936/icu", "cp936/windows"):
        yield _framed(_gbk_reader(name))
        yield _between(_gbk_reader(name))
    yield _framed(Browser("cp1252"))
    yield _between(Codec("latin-1"))
    yield _several()


def _framed(reader: Reader) -> Channel:
    def frame(text: str) -> str:
        return random.Random(text).choice(FRAMES).format(text)

    def how(text: str) -> str:
        return reader.decode(frame(text).encode())

    name = f"utf-8 read as {reader.name}, inside code"
    return Channel("H", name, (("utf-8", reader),), how, answers=lambda text: (frame(text),))


def _between(reader: Reader) -> Channel:
    def around(text: str) -> str:
        return text.join(AROUND)

    def how(text: str) -> str:
        return around(reader.decode(text.encode()))

    return Channel("H", f"utf-8 read as {reader.name}, between clean lines", how=how, answers=lambda t: (around(t),))


def _several() -> Channel:
    utf8 = ("utf-8", Codec("utf-8"))
    three = ("utf-8", _gbk_reader("gbk/cpython")), ("utf-8", Browser("cp1252")), ("gbk", Codec("latin-1"))

    def page(text: str, ways: Iterable[tuple[str, Reader]]) -> str:
        parts = zip((text, *OTHERS), ways, strict=True)
        return AROUND[0].join(reader.decode(part.encode(charset)) + "\n" for part, (charset, reader) in parts)

    def how(text: str) -> str:
        return page(text, three)

    return Channel("H", "three accidents in one page", how=how, answers=lambda text: (page(text, [utf8] * 3),))
