"""What is shipped is whole: the wheel and the sdist are built, checked and run."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from damaged import SEED

ROOT = Path(__file__).parents[1]


def has(*modules: str) -> bool:
    return all(importlib.util.find_spec(module) for module in modules)


@pytest.mark.skipif(not has("build", "twine", "hatchling"), reason="needs build, twine and hatchling")
def test_wheel_and_sdist(tmp_path: Path) -> None:
    def python(*args: str | Path, **more: str) -> bytes:
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"} | more
        command = [sys.executable, *args]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True).stdout

    python("-m", "build", "--no-isolation", "--outdir", tmp_path, ROOT)
    [wheel], [sdist] = tmp_path.glob("*.whl"), tmp_path.glob("*.tar.gz")
    python("-m", "twine", "check", "--strict", wheel, sdist)
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= {"README.zh.md", "docs/pipelines.md", "examples/spark_job.py", ".pre-commit-hooks.yaml", "NOTICE"}
    assert wheel.stat().st_size < 8 << 20
    python("-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", tmp_path / "site", wheel)
    code = "import mojifix, sys; from mojifix.cli import main; print(mojifix.__file__); sys.exit(main([sys.argv[1]]))"
    file, _, text = python("-c", code, SEED, PYTHONPATH=str(tmp_path / "site")).partition(b"\n")
    assert Path(file.decode()).is_relative_to(tmp_path)
    assert text == SEED.with_suffix(".expected.txt").read_bytes()
    assert b"<html" in python("-m", "mojifix", "report", SEED, PYTHONPATH=str(tmp_path / "site"))


@pytest.mark.skipif(not has("argcomplete") or os.name != "posix", reason="needs argcomplete")
@pytest.mark.parametrize(("line", "offered"), [("mojifix ch", "check "), ("mojifix check --s", "--sarif ")])
def test_completion(line: str, offered: str) -> None:
    shell = {"_ARGCOMPLETE": "1", "COMP_LINE": line, "COMP_POINT": str(len(line)), "_ARGCOMPLETE_IFS": "\n"}
    command = ["bash", "-c", f"{sys.executable} -m mojifix 8>&1 9>/dev/null"]
    done = subprocess.run(command, env={**os.environ, **shell}, capture_output=True, check=True)
    assert done.stdout.decode() == offered
