"""What can be asked of the command. The rooms that answer are entered when they are."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from importlib import import_module

from mojifix.cli.saying import version

EXAMPLES = """\
examples:
  mojifix page.txt                       print the repaired page
  curl -s URL | mojifix                  repair what comes from a pipe
  mojifix --explain page.txt             say on stderr what was found, where, and how sure it is
  mojifix fix --diff src                 show what would change in the files of a folder or repository
  mojifix fix --in-place --backup .orig src   repair them in their place, keep the damaged ones
  mojifix check                          list the damage of a repository; exit status 1 if there is any
  mojifix report page.txt -o page.html   the page and its repair side by side, to be looked at
  mojifix names --rename photos          repair damaged file names, and those in zip files
  mojifix data in.parquet --column text -o out.parquet   repair a column of a data set

`mojifix FILE` is `mojifix fix FILE`; `mojifix COMMAND --help` has the rest.
Undamaged text comes out byte for byte as it went in.
Exit status: 0, or 1 when check found damage, or 2 when a file could not be read or written, or 130 after Ctrl-C.
"""
FIX = """\
examples:
  mojifix fix page.txt -o better.txt
  mojifix fix --guess never page.txt     put U+FFFD where a character is lost, guess nothing
  mojifix fix --encoding gb18030 --output-encoding utf-8 old.txt
  mojifix fix --json *.txt               one JSON document a file: text, damage, guesses, plan
  mojifix fix --diff . | git apply       look at it first, perhaps

Files are replaced whole, with their permissions and times, and only those that are damaged. In a git checkout folders
stand for the files that are tracked; binary files and huge ones are left out.
"""
CHECK = """\
examples:
  mojifix check                          all that git tracks below this folder
  mojifix check src --exclude '*.po'
  mojifix check --sarif > mojifix.sarif  for GitHub code scanning

Each line is path:line:column: kind, bits of evidence, the damaged words and what they were.
Exit status: 0 clean, 1 damaged, 2 trouble.
"""
REPORT = """\
examples:
  mojifix report page.txt -o page.html
  curl -s URL | mojifix report > page.html

The page needs nothing but itself. Every change is marked; restored characters are coloured by their probability and
say what else they may have been when pointed at.
"""
DATA = """\
examples:
  mojifix data in.parquet --column text -o out.parquet
  mojifix data crawl.jsonl.gz --column title --column text --account -o crawl-repaired.jsonl.gz
  mojifix data table.csv --column 备注 > repaired.csv

The data set passes in a stream, whatever its size. Rows without damage are written as they were read; missing values
stay missing. --account adds TEXT_damage (the kinds, as in check --json) and TEXT_bits (the evidence, in bits).
Parquet needs pyarrow: pip install 'mojifix[data]'.
"""
NAMES = """\
examples:
  mojifix names photos archive.zip             what would be renamed
  mojifix names --rename photos archive.zip    rename it
  mojifix names --undo mojifix-names-undo.jsonl
  mojifix names --encoding gb18030 photos      names that are no UTF-8 are of this encoding, or have it found: auto

Files, folders and, in zip archives, members. No file is overwritten. A name of which characters are lost stays.
Exit status: 0, or 1 when damaged names are left, or 2 when something could not be read or renamed.
"""
ROOMS = {"names": "names", "fix": "fixing", "check": "checking", "report": "reporting", "data": "tables"}


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Arguments of a command; `run` of the result carries it out. Without a command it is `fix`."""
    if not argv or argv[0] not in (*ROOMS, "-h", "--help", "--version"):
        argv = ["fix", *argv]
    parser = _parser()
    if "_ARGCOMPLETE" in os.environ:
        _complete(parser)
    args = parser.parse_args(argv)
    if args.command == "fix" and args.backup and not args.in_place:
        parser.error("--backup keeps what --in-place replaces: add --in-place, or leave it out")
    if args.command == "fix" and (args.in_place or args.diff) and (args.json or args.explain):
        parser.error("--json and --explain are about one text: leave out --in-place and --diff")
    args.run = import_module(f"mojifix.cli.{ROOMS[args.command]}").run
    return args


def _complete(parser: argparse.ArgumentParser) -> None:
    """Tab completion in the shell, where argcomplete is installed and set up."""
    try:
        import argcomplete
    except ImportError:
        return
    argcomplete.autocomplete(parser)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mojifix",
        description="Repair mojibake in Chinese text, and in any other.",
        epilog=EXAMPLES,
        formatter_class=_RAW,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)

    def add(name: str, help: str, epilog: str, options: Callable[[argparse.ArgumentParser], None]) -> None:
        options(
            commands.add_parser(
                name, help=help, description=help, epilog=epilog, formatter_class=_RAW, allow_abbrev=False
            )
        )

    add("fix", "repair text, or files in their place", FIX, _fix)
    add("check", "list the damage of files and repositories", CHECK, _check)
    add("report", "show a text and its repair side by side, as a page of HTML", REPORT, _report)
    add("data", "repair columns of CSV, JSON lines and Parquet", DATA, _data)
    add("names", "repair the names of files, and those in zip archives", NAMES, _names)
    return parser


#: where `names --rename` writes what it does
UNDO = "mojifix-names-undo.jsonl"
_RAW = argparse.RawDescriptionHelpFormatter


class _Version(argparse.Action):
    """Looked up when it is asked for: that takes as long as all the rest of the start."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"{parser.prog} {version()}")
        parser.exit()


def _fix(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", metavar="FILE", help="text; - or no FILE is standard input; or folders")
    where = parser.add_mutually_exclusive_group()
    where.add_argument("-o", "--output", metavar="PATH", help="write to PATH, whole or not at all, instead of stdout")
    where.add_argument("-i", "--in-place", action="store_true", help="replace the files that are damaged")
    where.add_argument("--diff", action="store_true", help="show what would change, as a patch")
    parser.add_argument(
        "--backup", metavar="SUFFIX", default="", help="with --in-place: keep the damaged FILE as FILESUFFIX"
    )
    parser.add_argument("--explain", action="store_true", help="give an account of the repair on stderr")
    parser.add_argument("--json", action="store_true", help="write the repair as one line of JSON instead of the text")
    _choices(parser)
    _encoding(parser)
    parser.add_argument("--output-encoding", metavar="NAME", help="encoding of the result, if not that of the input")
    parser.add_argument(
        "--newline", choices=["keep", "lf", "crlf"], default="keep", help="line ends of the result (as they are)"
    )
    _walking(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files and folders (default: this folder)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON document instead of lines")
    form.add_argument("--sarif", action="store_true", help="SARIF 2.1.0, for code scanning")
    _encoding(parser)
    _walking(parser)


def _report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help="text; - or no FILE is standard input")
    parser.add_argument("-o", "--output", metavar="PATH", help="write to PATH instead of stdout")
    _choices(parser)
    _encoding(parser)


def _data(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", default="-", metavar="FILE", help=".csv .tsv .jsonl (.gz .bz2 .xz) .parquet")
    parser.add_argument("-c", "--column", action="append", required=True, metavar="NAME", help="of text; repeatable")
    parser.add_argument("-o", "--output", metavar="PATH", help="write to PATH, whole or not at all, instead of stdout")
    parser.add_argument("--account", action="store_true", help="add columns with the kind of damage and its evidence")
    parser.add_argument("--format", choices=["csv", "jsonl", "parquet"], help="if the name does not tell")
    parser.add_argument(
        "--delimiter", metavar="CHAR", type=_char, help="between the fields of CSV (, or a tab for .tsv)"
    )
    _choices(parser)
    _encoding(parser)
    _jobs(parser)


def _names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, folders, zip archives (default: this folder)")
    do = parser.add_mutually_exclusive_group()
    do.add_argument("--rename", action="store_true", help="rename what is damaged; without this it is only shown")
    do.add_argument("--undo", metavar="UNDOFILE", help="take back a rename")
    parser.add_argument("--undo-file", metavar="PATH", default=UNDO, help=f"what --rename did is written here ({UNDO})")
    _guess(parser)
    parser.add_argument("--encoding", metavar="NAME", help="of names that are not UTF-8; auto finds it out")
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary")


def _choices(parser: argparse.ArgumentParser) -> None:
    _guess(parser)
    parser.add_argument(
        "--script",
        choices=["restore", "keep", "simplified", "traditional"],
        default="restore",
        help="restore: undo a conversion to traditional characters that came with the damage (the default); "
        "keep: leave the script as found; simplified, traditional: convert the whole text",
    )


def _guess(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--guess",
        choices=["never", "likely", "always"],
        default="likely",
        help="restore lost characters never, when likely (the default), or always; what is not restored is U+FFFD",
    )


def _encoding(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--encoding", metavar="NAME", help="encoding of the input (UTF-8); auto finds it out, and writes UTF-8"
    )


def _walking(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--exclude", metavar="GLOB", action="append", default=[], help="files to leave out; repeatable")
    parser.add_argument(
        "--max-size", metavar="MIB", type=_mib, default=10 << 20, help="leave out files that are larger (10)"
    )
    _jobs(parser)


def _jobs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-j", "--jobs", metavar="N", type=_positive, help="processes (one for each core, after a second)"
    )
    parser.add_argument("-q", "--quiet", action="store_true", help="no summary and no progress bar")


def _char(text: str) -> str:
    char = "\t" if text == "\\t" else text
    if len(char) != 1 or char in '"\r\n':
        raise argparse.ArgumentTypeError(f"{text!r} is not one character that can stand between fields")
    return char


def _mib(text: str) -> int:
    try:
        size = float(text)
    except ValueError:
        size = -1
    if not 0 <= size < 1e12:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of MiB")
    return round(size * (1 << 20))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above 0")
    return int(text)
