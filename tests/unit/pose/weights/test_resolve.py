from __future__ import annotations

import hashlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from gaitlab.errors import AnalysisCancelled, ModelError, UsageError
from gaitlab.pose.weights.download import download
from gaitlab.pose.weights.manifest import FEET_NETWORK, ModelSource, ModelSpec, load_manifest, pose_models, spec
from gaitlab.pose.weights.resolve import ModelPlaces, fetch_model, find_model, model_places, resolve_model, verify
from gaitlab.records import Progress

WEIGHTS = bytes(range(256)) * 4096
OTHER = b"\x00" * len(WEIGHTS)
FILE = "toy.tflite"
NOWHERE = f"http://127.0.0.1:9/{FILE}"  # nobody listens there


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Server:
    """What the local server sends, and what it was asked for."""

    url: str = ""
    content: bytes = WEIGHTS
    honours_range: bool = True
    cut_after: int | None = None
    ranges: list[str | None] = field(default_factory=list)


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers["Range"]
            server.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and server.honours_range else 0
            rest = server.content[start:]
            if not rest:
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
            self.send_header("Content-Length", str(len(rest)))
            self.end_headers()
            self.wfile.write(rest[: server.cut_after])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler


@pytest.fixture
def server() -> Iterator[Server]:
    state = Server()
    http = ThreadingHTTPServer(("127.0.0.1", 0), _handler(state))
    state.url = f"http://127.0.0.1:{http.server_port}/{FILE}"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield state
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def places(tmp_path: Path) -> ModelPlaces:
    return ModelPlaces(folders=(tmp_path / "chosen", tmp_path / "project"), cache=tmp_path / "cache")


def toy(*locations: str) -> list[ModelSpec]:
    """Return a manifest of one model, WEIGHTS, that comes from these places."""
    sources = tuple(ModelSource(location=location, sha256=sha256(WEIGHTS)) for location in locations)
    return [ModelSpec(name="toy", file=FILE, licence="Apache-2.0", sources=sources)]


def put(folder: Path, content: bytes = WEIGHTS, *, name: str = FILE) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return folder / name


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix != ".lock"}


def cancel_at(share: float) -> Callable[[Progress], None]:
    def on_progress(progress: Progress) -> None:
        if progress.done >= share * len(WEIGHTS):
            raise AnalysisCancelled("stopped")

    return on_progress


# The manifest


def test_the_manifest_holds_the_models_of_the_command_line() -> None:
    assert [model.name for model in load_manifest()] == [
        "movenet-thunder-fp16",
        "movenet-thunder-int8",
        "movenet-lightning-fp16",
        "movenet-lightning-int8",
        "movenet-multipose-lightning-fp16",
        "feet",
        "posenet-mobilenet-075-fp32",
        "posenet-mobilenet-100-257",
        "posenet-multi-person-075",
    ]


def test_every_model_but_the_second_look_at_feet_measures_people() -> None:
    assert {model.name for model in load_manifest()} - {model.name for model in pose_models()} == {FEET_NETWORK}


def test_only_the_published_posenet_files_have_no_checksum() -> None:
    """Nobody could reach their addresses from where this was written."""
    unchecked = [model for model in load_manifest() if not model.can_be_checked]
    assert [model.file for model in unchecked] == [
        "posenet_mobilenet_v1_100_257x257_multi_kpt_stripped.tflite",
        "multi_person_mobilenet_v1_075_float.tflite",
    ]
    assert all(len(model.sources) == 1 and model.sources[0].sha256 is None for model in unchecked)


checkable = pytest.mark.parametrize(
    "model", [model for model in load_manifest() if model.can_be_checked], ids=lambda model: model.name
)


@checkable
def test_every_other_model_has_a_checksum_to_hold_it_against(model: ModelSpec) -> None:
    assert model.sha256s
    assert all(re.fullmatch("[0-9a-f]{64}", checksum) for checksum in model.sha256s)


@checkable
def test_the_shared_files_are_the_models_of_the_manifest(model: ModelSpec, shared_data: Path) -> None:
    assert model.accepts(sha256((shared_data.parent / "models" / model.file).read_bytes()))


@pytest.mark.parametrize("model", load_manifest(), ids=lambda model: model.name)
def test_a_source_is_one_that_everybody_can_reach(model: ModelSpec) -> None:
    assert all(source.location.startswith("https://") for source in model.sources)


def test_thunder_is_accepted_as_published_by_google_too() -> None:
    official = "41641538679ec79b07d4101e591dda47d098c09af29607674b2a40b8a3798dd3"
    assert spec("movenet-thunder-fp16").accepts(official)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match=r"'movenet-thunder'; expected one of movenet-thunder-fp16, .*posenet"):
        spec("movenet-thunder")


# Finding


@pytest.mark.parametrize(
    ("present", "taken"),
    [
        (("chosen", "project", "cache"), "chosen"),
        (("project", "cache"), "project"),
        (("cache",), "cache"),
    ],
)
def test_the_first_folder_that_has_the_file_wins(
    present: tuple[str, ...], taken: str, tmp_path: Path, places: ModelPlaces
) -> None:
    for folder in present:
        put(tmp_path / folder)
    found = find_model("toy", manifest=toy(NOWHERE), places=places)
    assert found is not None
    assert found.path == tmp_path / taken / FILE


def test_the_folder_of_the_environment_comes_before_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GAITLAB_MODEL_DIR", str(tmp_path))
    assert [folder.name for folder in model_places().folders] == [tmp_path.name, "models"]


def test_a_model_that_is_nowhere_is_none(places: ModelPlaces) -> None:
    assert find_model("toy", manifest=toy(NOWHERE), places=places) is None


def test_a_damaged_file_is_refused_with_its_path_and_both_checksums(tmp_path: Path, places: ModelPlaces) -> None:
    damaged = put(tmp_path / "chosen", OTHER)
    put(tmp_path / "cache")
    with pytest.raises(ModelError) as refusal:
        find_model("toy", manifest=toy(NOWHERE), places=places)
    assert all(part in str(refusal.value) for part in (str(damaged), sha256(WEIGHTS), sha256(OTHER)))


def test_a_file_named_by_the_caller_is_taken_with_the_checksum_it_has(tmp_path: Path, places: ModelPlaces) -> None:
    own = put(tmp_path, OTHER, name="mine.tflite")
    put(tmp_path / "chosen")
    found = find_model("toy", explicit=own, manifest=toy(NOWHERE), places=places)
    assert found is not None
    assert (found.path, found.sha256, found.is_accepted) == (own, sha256(OTHER), False)


def test_a_missing_file_named_by_the_caller_is_an_error(tmp_path: Path, places: ModelPlaces) -> None:
    with pytest.raises(ModelError, match=r"mine\.tflite: expected a model file"):
        find_model("toy", explicit=tmp_path / "mine.tflite", manifest=toy(NOWHERE), places=places)


def test_verify_tells_good_files_from_damaged_ones(tmp_path: Path, places: ModelPlaces) -> None:
    put(tmp_path / "project")
    put(tmp_path / "cache", OTHER)
    checked = verify(manifest=toy(NOWHERE), places=places)
    assert [(found.path.parent.name, found.is_accepted) for found in checked] == [("project", True), ("cache", False)]


# Fetching


def test_a_download_arrives_whole_and_leaves_nothing_else(places: ModelPlaces, server: Server) -> None:
    fetched = fetch_model("toy", manifest=toy(server.url), places=places)
    assert (fetched.path.read_bytes(), fetched.sha256) == (WEIGHTS, sha256(WEIGHTS))
    assert names_in(places.cache) == {FILE}


def test_progress_runs_from_nothing_to_the_size_of_the_file(places: ModelPlaces, server: Server) -> None:
    reports: list[Progress] = []
    fetch_model("toy", on_progress=reports.append, manifest=toy(server.url), places=places)
    done = [report.done for report in reports]
    assert (done[0], done[-1], done) == (0, len(WEIGHTS), sorted(done))
    assert {(report.stage, report.total) for report in reports} == {("download toy", len(WEIGHTS))}


def test_after_a_cut_connection_only_the_rest_is_asked_for(places: ModelPlaces, server: Server) -> None:
    server.cut_after = 300_000
    with pytest.raises(ModelError, match="ended after 300000 of 1048576 bytes"):
        fetch_model("toy", manifest=toy(server.url), places=places)
    assert names_in(places.cache) == {f"{FILE}.part"}
    server.cut_after = None
    fetched = fetch_model("toy", manifest=toy(server.url), places=places)
    assert fetched.path.read_bytes() == WEIGHTS
    assert server.ranges == [None, "bytes=300000-"]


def test_a_resumed_download_counts_on_from_what_is_there(places: ModelPlaces, server: Server) -> None:
    put(places.cache, WEIGHTS[:300_000], name=f"{FILE}.part")
    reports: list[Progress] = []
    fetch_model("toy", on_progress=reports.append, manifest=toy(server.url), places=places)
    assert (reports[0].done, reports[0].total) == (300_000, len(WEIGHTS))


def test_a_stopped_download_is_no_model_and_can_go_on(places: ModelPlaces, server: Server) -> None:
    with pytest.raises(AnalysisCancelled):
        fetch_model("toy", on_progress=cancel_at(0.4), manifest=toy(server.url), places=places)
    assert find_model("toy", manifest=toy(server.url), places=places) is None
    assert fetch_model("toy", manifest=toy(server.url), places=places).path.read_bytes() == WEIGHTS


def test_a_server_that_ignores_ranges_is_read_from_the_start(places: ModelPlaces, server: Server) -> None:
    put(places.cache, WEIGHTS[:300_000], name=f"{FILE}.part")
    server.honours_range = False
    assert fetch_model("toy", manifest=toy(server.url), places=places).path.read_bytes() == WEIGHTS


@pytest.mark.parametrize("kept", [WEIGHTS + b"more", OTHER[:300_000]], ids=["longer than the file", "of another file"])
def test_a_part_that_cannot_be_continued_is_started_anew(kept: bytes, places: ModelPlaces, server: Server) -> None:
    put(places.cache, kept, name=f"{FILE}.part")
    assert fetch_model("toy", manifest=toy(server.url), places=places).path.read_bytes() == WEIGHTS


def test_a_download_with_the_wrong_checksum_is_refused_and_not_kept(places: ModelPlaces, server: Server) -> None:
    server.content = OTHER
    with pytest.raises(ModelError, match=f"expected SHA-256 {sha256(WEIGHTS)}, got {sha256(OTHER)}"):
        fetch_model("toy", manifest=toy(server.url), places=places)
    assert names_in(places.cache) == set()


def test_without_network_the_message_says_what_to_put_where(places: ModelPlaces) -> None:
    with pytest.raises(ModelError) as refusal:
        resolve_model("toy", manifest=toy(NOWHERE), places=places)
    message = str(refusal.value)
    assert all(part in message for part in (FILE, NOWHERE, str(places.cache), sha256(WEIGHTS)))
    assert "\n" not in message
    assert refusal.value.exit_code == 4


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/{FILE}"
        with pytest.raises(TimeoutError, match=r"no answer within 0\.1 s"):
            download(url, tmp_path / FILE, stage="download toy", on_progress=lambda _: None, answer_s=0.1)


def test_what_cannot_be_checked_is_not_downloaded(places: ModelPlaces, server: Server) -> None:
    (model,) = toy(NOWHERE)
    unchecked = replace(model, sources=(*model.sources, ModelSource(location=server.url)))
    with pytest.raises(ModelError, match="no checksum is known"):
        fetch_model("toy", manifest=[unchecked], places=places)
    assert server.ranges == []


def test_fetching_replaces_a_damaged_file_in_the_cache(places: ModelPlaces, server: Server) -> None:
    put(places.cache, OTHER)
    assert fetch_model("toy", manifest=toy(server.url), places=places).path.read_bytes() == WEIGHTS


def test_a_model_that_is_there_is_not_fetched_again(places: ModelPlaces, server: Server) -> None:
    fetch_model("toy", manifest=toy(server.url), places=places)
    fetch_model("toy", manifest=toy(server.url), places=places)
    resolve_model("toy", manifest=toy(server.url), places=places)
    assert server.ranges == [None]


def test_two_fetching_at_once_download_one_good_file(places: ModelPlaces, server: Server) -> None:
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(fetch_model, "toy", manifest=toy(server.url), places=places) for _ in range(2)]
    assert {call.result().path.read_bytes() for call in calls} == {WEIGHTS}
    assert server.ranges == [None]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, places: ModelPlaces, server: Server) -> None:
    occupied = replace(places, cache=put(tmp_path, name="occupied"))
    with pytest.raises(ModelError, match=r"occupied: expected a folder"):
        fetch_model("toy", manifest=toy(server.url), places=occupied)
