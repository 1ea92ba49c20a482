"""Imports point one way, third-party packages enter by one door each, and `import mojifix` costs next to nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from clock import slowness

SOURCE = Path(__file__).parents[1] / "src" / "mojifix"

# From the top of the house to its ground. A room imports from itself and from the floors below.
FLOORS = [
    {"__main__"},
    {"cli"},
    {"__init__"},  # the front door
    {"many"},
    {"rawbytes"},
    {"repair"},
    {"kit", "spans"},
    {"alike"},
    {"build_screen", "evidence"},
    {"found", "screen", "western"},
    {"search"},
    {"bom", "cells", "eaten", "marks", "signs"},
    {"channels", "model"},
    {"plan", "lattice", "variants"},
    {"reading", "arcs"},
    {"boxes", "charsets", "checked"},
]
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}

# Third-party packages, imported on first use: inside a function.
DOORS = {"ftfy": "western", "opencc": "variants", "chardet": "rawbytes/votes", "pypinyin": "channels/readings"}
DOORS |= {"argcomplete": "cli/arguments", "pyarrow": "cli/parquet"}
# Builders (build*.py) write data files at development time. Nothing but the command line starts them.
BUILDER_PACKAGES = {"numpy", "pypinyin", "scipy"}

FILES = sorted(path.relative_to(SOURCE).as_posix() for path in SOURCE.rglob("*.py"))


def room_of(module: list[str]) -> str:
    """The room of a module, given as its path below the package."""
    known = module and (module[0] in FLOOR or (SOURCE / f"{module[0]}.py").exists() or (SOURCE / module[0]).is_dir())
    return module[0] if known else "__init__"


def is_builder(file: str) -> bool:
    return Path(file).stem.startswith("build")


def is_later(node: ast.AST) -> bool:
    """Whether what is in it does not run when the module is imported: a function, or `if TYPE_CHECKING`."""
    checking = isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return checking or isinstance(node, ast.FunctionDef)


def imports(file: str) -> Iterator[tuple[list[str], bool]]:
    """Every imported module as its dotted path, and whether that is later than the import of the file."""
    tree = ast.parse((SOURCE / file).read_text(encoding="utf-8"), file)
    inside = {id(node) for block in ast.walk(tree) if is_later(block) for node in ast.walk(block)}
    package = ["mojifix", *Path(file).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield name.name.split("."), id(node) in inside
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            for name in node.names:
                yield [*base, *(node.module or "").split("."), name.name], id(node) in inside


def test_there_are_rooms() -> None:
    assert "cli/fixing.py" in FILES and "plan.py" in FILES


@pytest.mark.parametrize("file", FILES)
def test_imports_point_one_way(file: str) -> None:
    room = Path(file).parts[0].removesuffix(".py")
    assert room in FLOOR, f"give {file} a place in FLOORS"
    for module, _ in imports(file):
        if module[0] == "mojifix":
            target = room_of([part for part in module[1:] if part])
            assert target == room or FLOOR[target] > FLOOR[room], f"{file} imports {target}, which is not below it"


@pytest.mark.parametrize("file", FILES)
def test_third_party_packages_enter_by_one_door_on_first_use(file: str) -> None:
    for module, later in imports(file):
        package = module[0]
        if package == "mojifix" or package in sys.stdlib_module_names:
            continue
        if is_builder(file) and package in BUILDER_PACKAGES:
            continue
        opencc_for_builder = package == "opencc" and is_builder(file)
        assert opencc_for_builder or DOORS.get(package) == file.removesuffix(".py"), f"{file} must not import {package}"
        assert later, f"{file} imports {package} at its top, and not on first use"


@pytest.mark.parametrize("file", [file for file in FILES if not is_builder(file)])
def test_builders_are_not_imported(file: str) -> None:
    for module, _ in imports(file):
        assert module[0] != "mojifix" or not any(part.startswith("build") for part in module[1:3])


def python(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout


def test_import_loads_no_model_and_no_third_party_package() -> None:
    loaded = python("import sys; old = {*sys.modules}; import mojifix; print(*sorted({*sys.modules} - old))").split()
    assert "mojifix" in loaded
    foreign = {name for name in loaded if name.partition(".")[0] not in {"mojifix", *sys.stdlib_module_names}}
    assert foreign == set()
    assert [name for name in loaded if name.startswith("mojifix.model")] == []


def test_import_takes_less_than_30_ms() -> None:
    code = "import time; t = time.process_time(); import mojifix; print(time.process_time() - t)"
    assert any(float(python(code)) < 0.030 * slowness() for _ in range(20))
