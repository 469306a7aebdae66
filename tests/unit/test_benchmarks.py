"""The arithmetic of the benchmarks: medians of ratios, means over applications, and tables that say what is not there."""

from __future__ import annotations

import importlib
import json
import mmap
import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


@pytest.fixture
def benchmarks(monkeypatch):
    """Return a function that imports a module of the benchmarks, which are scripts beside each other."""
    for script in BENCHMARKS.glob("*.py"):  # other tests have modules of the same names
        monkeypatch.delitem(sys.modules, script.stem, raising=False)
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(BENCHMARKS)):
            del sys.modules[name]


def row(application: str, packager: str, *walls: float, **more) -> dict:
    """A row of peers.py with these ratios of warm starts."""
    starts = {str(number): {"wall": wall, "cpu": wall, "wall spread": 1.0, "spread": 1.0, "ms": 10.0, "cpu ms": 9.0} for number, wall in enumerate(walls)}
    return {"application": application, "script": application, "packager": packager, "warm": starts, **more}


def test_a_ratio_is_the_median_of_those_within_each_round(benchmarks):
    measuring = benchmarks("measuring")
    runs = [measuring.Run(10, 20), measuring.Run(100, 200), measuring.Run(12, 24)]
    baseline = [measuring.Run(10, 10), measuring.Run(50, 100), measuring.Run(12, 24)]
    compared = measuring.compare(runs, baseline)
    assert (compared["cpu"], compared["wall"]) == (1.0, 2.0)


@pytest.mark.parametrize(("values", "expected"), [([5.0], 0.0), ([1.0, 1.0, 1.0], 0.0), ([1.0, 2.0, 3.0], 25.0), ([8.0, 10.0], 5.0 / 90 * 100)])
def test_the_spread_is_half_the_distance_of_the_quartiles(benchmarks, values, expected):
    assert benchmarks("measuring").spread(values) == pytest.approx(expected)


def test_an_application_counts_once_however_many_jobs_it_has(benchmarks):
    summary = benchmarks("summary")
    rows = [row("cowsay", "pex", 1.0), row("httpie", "pex", 2.0, 8.0), row("pandas", "pex", 50.0)]
    values = summary.per_application(rows, summary.warm)
    assert values == pytest.approx({"cowsay": 1.0, "httpie": 4.0, "pandas": 50.0})
    assert summary.mean(values) == (pytest.approx(2.0), 2)
    assert summary.worst(values) == (pytest.approx(4.0), "httpie")


def test_what_was_not_made_is_in_no_mean_and_is_told_with_the_reason(benchmarks):
    rows = [
        row("cowsay", "venv", 1.0, size=100, memory=1000), row("cowsay", "shiv", 1.5, size=50, memory=1200),
        {"application": "cowsay", "script": "cowsay", "packager": "nuitka", "size": 7, "failed": "no compiler"},
    ]  # fmt: skip
    shiv, nuitka = benchmarks("summary").lines(rows)
    assert shiv["mean"] == (pytest.approx(1.5), 1)
    assert shiv["to zip"] == (pytest.approx(0.5), 1)
    assert shiv["memory"] == (pytest.approx(1.2), 1)
    assert nuitka["mean"] is nuitka["to shiv"] is nuitka["first"] is None
    text = "\n".join(benchmarks("peers_report").tables({"rows": rows}))
    assert "- nuitka, cowsay: no compiler" in text
    assert "| shiv | 1.50 (of 1) | 1.50 (of 1) | 1.50 cowsay |" in text


def test_each_line_of_a_table_has_as_many_cells_as_its_head(benchmarks):
    report = benchmarks("report")
    heads = None
    for line in report.tables(benchmarks("recording").load()):
        if not line.startswith("|"):
            heads = None
        else:
            heads = heads or line.count("|")
            assert line.count("|") == heads, line


def test_the_floor_is_without_what_looking_at_the_clock_took(benchmarks):
    told = {"spent": {"loads": 3_000_000, "get_code": 5_000_000}, "calls": {"loads": 1000, "get_code": 500}, "clock": 1000}
    assert benchmarks("floor").counted(told) == pytest.approx({"loads": 2.0, "get_code": 3.5, "modules": 500})


def test_rows_of_an_interrupted_run_count_for_the_same_options_only(benchmarks, monkeypatch, tmp_path):
    recording = benchmarks("recording")
    monkeypatch.setattr(recording, "WORK", tmp_path)
    monkeypatch.setattr(recording, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(recording, "_commit", lambda: "abc1234")
    options = Namespace(quick=False, only="", go_on=True, rounds=3)
    recording.Section("start 3.11", "3.11.7", options).add("cowsay", {"job": "cowsay"})
    assert recording.Section("start 3.11", "3.11.7", options).has("cowsay")
    assert not recording.Section("start 3.11", "3.11.7", Namespace(**{**vars(options), "rounds": 5})).has("cowsay")
    recording.Section("start 3.11", "3.11.7", options).finish()
    kept = json.loads((tmp_path / "results.json").read_text("utf-8"))["start 3.11"]
    assert (kept["rows"], kept["commit"]) == ([{"job": "cowsay"}], "abc1234")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_the_peak_is_that_of_a_process_with_its_children_and_its_files_in_memory(benchmarks):
    peak = benchmarks("peak")
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, stderr=subprocess.DEVNULL) as child:
        assert {os.getpid(), child.pid} <= set(peak.family(os.getpid()))
    before = peak.files_in_memory(os.getpid())
    file = os.memfd_create("test")
    os.truncate(file, 30 << 20)
    with mmap.mmap(file, 0) as seen:
        os.close(file)
        assert peak.files_in_memory(os.getpid()) - before == 30 << 10
        seen[:1] = b"1"
    assert peak.resident(os.getpid())[0] > 1000
    assert peak.resident(0) == (0, 0)
