"""docs/pipelines.md does not lie: each of its pieces is run with the real engine, where that is installed."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from damaged import ANCIENT, CLEAN, MEANT, SIGNS, VOWELS

import mojifix

ROOT = Path(__file__).parents[1]
BLOCKS = dict(
    re.findall(
        r"^```python (\w+)\n(.*?)^```", (ROOT / "docs" / "pipelines.md").read_text(encoding="utf-8"), re.M | re.S
    )
)
TEXTS = [CLEAN, None, ANCIENT, "", SIGNS, f"a\n{VOWELS}\n"] * 5
REPAIRED = [CLEAN, None, MEANT, "", MEANT, f"a\n{MEANT}\n"] * 5


def needs(*modules: str) -> pytest.MarkDecorator:
    missing = [module for module in modules if importlib.util.find_spec(module) is None]
    if "pyspark" in modules and shutil.which("java") is None:
        missing.append("java")
    return pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    from pyarrow import parquet, table

    parquet.write_table(table({"n": range(len(TEXTS)), "text": TEXTS}), tmp_path / "pages.parquet")
    return tmp_path


def run(name: str, folder: Path, more: str = "") -> str:
    """Run a piece of the page as a script."""
    (folder / "script.py").write_text(BLOCKS[name] + more, encoding="utf-8")
    return start([sys.executable, "script.py"], folder)


def start(command: list[str | Path], folder: Path) -> str:
    paths = os.pathsep.join(path for path in sys.path if path)
    # Engines start workers of their own, and leave warnings; a slow machine needs minutes for a cluster.
    environment = {**os.environ, "PYTHONPATH": paths, "PYSPARK_PYTHON": sys.executable, "RAY_DISABLE_METRICS": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def repaired(folder: Path) -> list[str | None]:
    from pyarrow import parquet

    made = parquet.read_table(folder / "repaired.parquet").sort_by("n")
    assert made.column("n").to_pylist() == [*range(len(TEXTS))]
    texts: list[str | None] = made.column("text").to_pylist()
    return texts


def test_every_piece_is_known_here() -> None:
    assert {*BLOCKS} == {"plain", "pandas", "polars", "datasets", "pyspark", "ray", "datatrove", "data_juicer"}


def test_functions_travel() -> None:
    for function in (mojifix.fix, mojifix.explain, mojifix.replay, mojifix.fix_many):
        assert pickle.loads(pickle.dumps(function)) is function
        assert hash(function) == hash(pickle.loads(pickle.dumps(function)))


def test_plain_python() -> None:
    names: dict[str, Any] = {}
    exec(BLOCKS["plain"], names)
    assert names["repaired"] == ["好", "你好，世界。"]


@pytest.mark.parametrize(
    "engine",
    [
        pytest.param("pandas", marks=needs("pandas", "pyarrow")),
        pytest.param("polars", marks=needs("polars", "pyarrow")),
        pytest.param("datasets", marks=needs("datasets", "pyarrow")),
        pytest.param("pyspark", marks=needs("pyspark", "pandas", "pyarrow")),
        pytest.param("ray", marks=needs("ray", "pandas", "pyarrow")),
    ],
)
def test_engine(engine: str, pages: Path) -> None:
    run(engine, pages)
    assert repaired(pages) == REPAIRED


@needs("datasets")
def test_fix_has_one_fingerprint(tmp_path: Path) -> None:
    code = "import mojifix; from datasets.fingerprint import Hasher; print(Hasher.hash(mojifix.fix))"
    prints = {
        subprocess.run(
            [sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "12"
    }
    assert len(prints) == 1


@needs("datatrove")
def test_datatrove(tmp_path: Path) -> None:
    more = """
if __name__ == "__main__":
    import json, sys
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    steps = [JsonlReader("in"), MojifixFormatter(), JsonlWriter("out", compression=None)]
    LocalPipelineExecutor(steps, tasks=2, workers=2, logging_dir="logs").run()
"""
    (tmp_path / "in").mkdir()
    for number in range(2):
        lines = (json.dumps({"id": str(i), "text": text}) for i, text in enumerate(TEXTS) if text and i % 2 == number)
        (tmp_path / "in" / f"{number}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    run("datatrove", tmp_path, more)
    lines = (line for path in (tmp_path / "out").iterdir() for line in path.read_text(encoding="utf-8").splitlines())
    made = {record["id"]: record["text"] for record in map(json.loads, lines)}
    assert made == {str(i): text for i, text in enumerate(REPAIRED) if text}


@needs("data_juicer")
def test_data_juicer(tmp_path: Path) -> None:
    more = """
if __name__ == "__main__":
    import json
    from data_juicer.core.data import NestedDataset

    pages = NestedDataset.from_list(json.load(open("pages.json")))
    json.dump(pages.process(MojifixMapper()).to_list(), open("repaired.json", "w"))
"""
    texts = [text for text in TEXTS if text is not None]
    (tmp_path / "pages.json").write_text(json.dumps([{"text": text} for text in texts]), encoding="utf-8")
    run("data_juicer", tmp_path, more)
    made = json.loads((tmp_path / "repaired.json").read_text(encoding="utf-8"))
    assert [row["text"] for row in made] == [text for text in REPAIRED if text is not None]


@needs("pyspark", "pandas", "pyarrow")
@pytest.mark.parametrize("form", ["parquet", "json"])
def test_spark_job(pages: Path, form: str) -> None:
    source = "pages.parquet"
    if form == "json":
        source = "pages.jsonl"
        lines = (json.dumps({"n": n, "text": text}) for n, text in enumerate(TEXTS))
        (pages / source).write_text("\n".join(lines), encoding="utf-8")
    job: list[str | Path] = [
        sys.executable,
        ROOT / "examples" / "spark_job.py",
        source,
        "out",
        "--column",
        "text",
        "--format",
        form,
    ]
    start([*job, "--account"], pages)
    if form == "parquet":
        from pyarrow import parquet

        rows = parquet.read_table(pages / "out").to_pylist()
    else:
        parts = (path.read_text(encoding="utf-8") for path in (pages / "out").glob("part-*"))
        rows = [json.loads(line) for part in parts for line in part.splitlines()]
    rows.sort(key=lambda row: row["n"])
    assert [row.get("text") for row in rows] == REPAIRED
    damaged = [n for n, (old, new) in enumerate(zip(TEXTS, REPAIRED, strict=True)) if old != new]
    assert [row["n"] for row in rows if row.get("text_damage")] == damaged
    assert all(row["text_bits"] > 14 for row in rows if row.get("text_damage"))
