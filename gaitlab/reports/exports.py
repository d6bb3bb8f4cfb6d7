"""Export of a session to any format that GaitLab writes; every file names the program version and model."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from gaitlab.errors import UsageError
from gaitlab.extras import need_extra
from gaitlab.formats.angle_table import write_angle_parquet, write_angle_table
from gaitlab.formats.bids import write_bids
from gaitlab.formats.c3d import write_c3d
from gaitlab.formats.coco import write_coco
from gaitlab.formats.csv import write_rows, write_track
from gaitlab.formats.deeplabcut import write_deeplabcut
from gaitlab.formats.fhir import write_fhir
from gaitlab.formats.mot import write_mot
from gaitlab.formats.movement_nc import write_movement
from gaitlab.formats.openpose import write_openpose
from gaitlab.formats.trc import write_trc
from gaitlab.metrics.words import metric_label
from gaitlab.paths import name_of_parts, safe_file_name
from gaitlab.records import Analysis
from gaitlab.reports.document import About, Document, document_of
from gaitlab.reports.figures import pictures_at
from gaitlab.reports.html import html_report
from gaitlab.reports.key_moments import key_moments
from gaitlab.reports.one_page import one_page_of
from gaitlab.reports.playing_page import playing_page
from gaitlab.reports.report_json import METRIC_COLUMNS, metric_rows, to_json
from gaitlab.reports.wishes import Wishes
from gaitlab.workspace import appearing, work_folder

__all__ = ["EXPORTS", "SETTINGS", "Export", "Shared", "check_export", "export_name", "write_export"]

#: Name of the export of what made the numbers, which stands once beside tables that have no place for it.
SETTINGS: Final = "settings"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shared:
    """The session to export and facts about its person.

    `session_id` None = not saved. `person` and `recorded_at` (with a zone) stand in tables of numbers, where they are
    known. `clip` is the kept clip as it may be shown, heads hidden or not; None = a drawn figure is shown.
    """

    analysis: Analysis
    session_id: int | None = None
    person: str = ""
    recorded_at: datetime | None = None
    about: About = field(default_factory=About)
    wishes: Wishes = field(default_factory=Wishes)
    clip: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """An export format: its label, file suffix, media type and writer.

    `is_document` marks the reports that render a `Document`, in the units that the user prefers; the others are data.
    `shows_clip` marks those that can show the clip.
    `extra` names the extra of `gaitlab.extras` that the writer needs. `needs_settings` marks tables that have no place
    for what made them: the export `SETTINGS` belongs beside them.
    """

    label: str
    suffix: str
    media_type: str
    write: Callable[[Path, Shared], None]
    is_document: bool = False
    shows_clip: bool = False
    extra: str | None = None
    needs_settings: bool = False


def _provenance(analysis: Analysis) -> dict[str, Any]:
    made = analysis.provenance
    return {
        "gaitlab": made.gaitlab,
        "model": made.model,
        "model_sha256": made.model_sha256,
        "settings": dict(made.settings),
        "source": analysis.source.file,
        "source_sha256": analysis.source.sha256,
    }


def _in_a_line(analysis: Analysis) -> str:
    return json.dumps({"provenance": _provenance(analysis)}, separators=(",", ":"), default=str)


def _write_json(path: Path, shared: Shared) -> None:
    report = to_json(shared.analysis, session_id=shared.session_id)
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _write_metrics(path: Path, shared: Shared) -> None:
    """Write one row per metric, with the person, the date, the clip, the program and the model."""
    analysis, made = shared.analysis, shared.analysis.provenance
    when = shared.recorded_at.isoformat(timespec="seconds") if shared.recorded_at else ""
    about = (shared.person, when, analysis.activity.kind, analysis.source.file)
    columns = ("person", "recorded_at", "activity", "file", *METRIC_COLUMNS, "gaitlab", "model", "model_sha256")
    made_by = (made.gaitlab, made.model, made.model_sha256)
    write_rows(path, columns, [(*about, *row, *made_by) for row in metric_rows(analysis)])


def _write_settings(path: Path, shared: Shared) -> None:
    """Write whose clip it is, when it was filmed, and with what the numbers were made."""
    whose = {
        "person": shared.person,
        "recorded_at": shared.recorded_at.isoformat(timespec="seconds") if shared.recorded_at else None,
        "session": shared.session_id,
        "activity": shared.analysis.activity.kind,
    }
    made = json.dumps(whose | _provenance(shared.analysis), indent=1, ensure_ascii=False, default=str)
    path.write_text(made + "\n", encoding="utf-8")


def _write_angles(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    write_angle_table(
        path,
        analysis.angles,
        contacts=analysis.gait.contacts if analysis.gait else (),
        repetitions=analysis.exercise.repetitions if analysis.exercise else (),
    )


def _write_angles_parquet(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    write_angle_parquet(
        path,
        analysis.angles,
        contacts=analysis.gait.contacts if analysis.gait else (),
        repetitions=analysis.exercise.repetitions if analysis.exercise else (),
        provenance=_in_a_line(analysis),
    )


def _write_c3d(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    write_c3d(
        path,
        analysis.track,
        px_per_m=analysis.provenance.settings.get("px_per_m"),
        angles=analysis.angles,
        contacts=analysis.gait.contacts if analysis.gait else (),
        provenance=_in_a_line(analysis),
    )


def _write_fhir(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    write_fhir(
        path,
        analysis.metrics,
        person=shared.person,
        recorded_at=shared.recorded_at,
        program=f"GaitLab {analysis.provenance.gaitlab}",
        labels={metric.name: metric_label(metric) for metric in analysis.metrics},
        source=analysis.source.sha256 or analysis.source.file,
        provenance=_in_a_line(analysis),
    )


def _write_bids_zip(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    with work_folder() as folder, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        write_bids(
            folder,
            analysis.track_raw,
            analysis.angles,
            task=analysis.activity.kind,
            contacts=analysis.gait.contacts if analysis.gait else (),
            repetitions=analysis.exercise.repetitions if analysis.exercise else (),
            program=f"GaitLab {analysis.provenance.gaitlab}",
            provenance=_provenance(analysis),
        )
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())


def _write_netcdf(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    write_movement(path, analysis.track_raw, file=analysis.source.file, provenance=_in_a_line(analysis))


def _write_html(path: Path, shared: Shared) -> None:
    path.write_text(html_report(_document(shared)), encoding="utf-8")


def _write_pdf(path: Path, shared: Shared) -> None:
    from gaitlab.reports.pdf import write_pdf  # noqa: PLC0415 (its packages are an extra)

    write_pdf(path, _document(shared))


def _write_one_page(path: Path, shared: Shared) -> None:
    from gaitlab.reports.pdf import write_one_page  # noqa: PLC0415 (its packages are an extra)

    analysis, wishes = shared.analysis, shared.wishes
    pictures = None if shared.clip is None else pictures_at(shared.clip, analysis, key_moments(analysis))
    page = one_page_of(analysis, shared.about, question=wishes.question, pictures=pictures)
    write_one_page(path, page, paper=wishes.paper)


def _write_playing_page(path: Path, shared: Shared) -> None:
    page = playing_page(shared.analysis, shared.about, clip=shared.clip, comments=shared.wishes.comments)
    path.write_text(page, encoding="utf-8")


def _document(shared: Shared) -> Document:
    return document_of(shared.analysis, shared.about)


def _write_trc(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    px_per_m = analysis.provenance.settings.get("px_per_m")
    name = f"{_stem_of(analysis)}.trc"  # that of the file may name the person
    write_trc(path, analysis.track, px_per_m=px_per_m, provenance=_in_a_line(analysis), name=name)


def _write_mot(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    write_mot(path, analysis.angles, provenance=_in_a_line(analysis), name=_stem_of(analysis))


def _stem_of(analysis: Analysis) -> str:
    return Path(safe_file_name(analysis.source.file)).stem


def _write_openpose_zip(path: Path, shared: Shared) -> None:
    analysis = shared.analysis
    with work_folder() as folder, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        write_openpose(folder, analysis.track, stem=_stem_of(analysis), provenance=_provenance(analysis))
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)


#: Name on the command line → format.
EXPORTS: Final[Mapping[str, Export]] = {
    "pdf": Export(
        label="PDF report",
        suffix=".pdf",
        media_type="application/pdf",
        write=_write_pdf,
        is_document=True,
        extra="pdf",
    ),
    "one-page": Export(
        label="One page (PDF)",
        suffix=".one-page.pdf",
        media_type="application/pdf",
        write=_write_one_page,
        is_document=True,
        shows_clip=True,
        extra="pdf",
    ),
    "playing": Export(
        label="Page that plays (HTML)",
        suffix=".playing.html",
        media_type="text/html",
        write=_write_playing_page,
        is_document=True,
        shows_clip=True,
    ),
    "html": Export(
        label="Web page report", suffix=".html", media_type="text/html", write=_write_html, is_document=True
    ),
    "json": Export(label="Report as JSON", suffix=".json", media_type="application/json", write=_write_json),
    "csv": Export(
        label="Numbers (CSV)",
        suffix=".numbers.csv",
        media_type="text/csv",
        write=_write_metrics,
        needs_settings=True,
    ),
    "angles": Export(
        label="Angles over time (CSV)",
        suffix=".angles.csv",
        media_type="text/csv",
        write=_write_angles,
        needs_settings=True,
    ),
    "angles-parquet": Export(
        label="Angles over time (Parquet)",
        suffix=".angles.parquet",
        media_type="application/vnd.apache.parquet",
        write=_write_angles_parquet,
        extra="parquet",
    ),
    SETTINGS: Export(
        label="Settings behind the tables (JSON)",
        suffix=".settings.json",
        media_type="application/json",
        write=_write_settings,
    ),
    "keypoints": Export(
        label="Coordinates (CSV)",
        suffix=".keypoints.csv",
        media_type="text/csv",
        write=lambda path, shared: write_track(path, shared.analysis.track_raw),
        needs_settings=True,
    ),
    "trc": Export(label="Markers for OpenSim (.trc)", suffix=".trc", media_type="text/plain", write=_write_trc),
    "mot": Export(label="Angles for OpenSim (.mot)", suffix=".mot", media_type="text/plain", write=_write_mot),
    "c3d": Export(
        label="Markers, angles and contacts (C3D)",
        suffix=".c3d",
        media_type="application/octet-stream",
        write=_write_c3d,
        extra="formats",
    ),
    "deeplabcut": Export(
        label="Coordinates for DeepLabCut and movement (CSV)",
        suffix=".dlc.csv",
        media_type="text/csv",
        write=lambda path, shared: write_deeplabcut(path, shared.analysis.track_raw),
        needs_settings=True,
    ),
    "movement": Export(
        label="Coordinates for movement (netCDF)",
        suffix=".nc",
        media_type="application/x-netcdf",
        write=_write_netcdf,
        extra="formats",
    ),
    "bids": Export(label="Motion-BIDS (zip)", suffix=".bids.zip", media_type="application/zip", write=_write_bids_zip),
    "fhir": Export(
        label="FHIR R4 observations", suffix=".fhir.json", media_type="application/fhir+json", write=_write_fhir
    ),
    "openpose": Export(
        label="OpenPose JSON (zip)", suffix=".openpose.zip", media_type="application/zip", write=_write_openpose_zip
    ),
    "coco": Export(
        label="COCO keypoints",
        suffix=".coco.json",
        media_type="application/json",
        write=lambda path, shared: write_coco(
            path,
            shared.analysis.track,
            file=shared.analysis.source.file,
            provenance=_provenance(shared.analysis),
        ),
    ),
}


def export_name(person: str, recorded_at: datetime, *what: str, suffix: str) -> str:
    """Return the name of a file: whose it is, the date in the zone of `recorded_at`, and what it is.

    >>> from datetime import UTC
    >>> export_name("Anna", datetime(2026, 3, 2, tzinfo=UTC), "gait", "session 12", suffix=".trc")
    'Anna_2026-03-02_gait_session-12.trc'
    """
    return name_of_parts(person, recorded_at.date().isoformat(), *what) + suffix


def check_export(name: str) -> None:
    """Refuse a format that is not known (UsageError) or whose packages are not installed (MissingExtraError)."""
    if name not in EXPORTS:
        raise UsageError(f"format: expected one of {', '.join(EXPORTS)}, got {name!r}")
    export = EXPORTS[name]
    if export.extra:
        need_extra(export.extra, f"the format {name}")


def write_export(name: str, path: Path, shared: Shared) -> None:
    """Write a session as a file; on failure no file is left.

    Parameters
    ----------
    name : str
        A key of `EXPORTS`.
    path : Path
    shared : Shared

    Raises
    ------
    UsageError
        For an unknown format, or when the file cannot be written.
    MissingExtraError
        For a format whose packages are not installed.
    """
    check_export(name)
    try:
        with appearing(path) as part:
            EXPORTS[name].write(part, shared)
    except OSError as error:
        raise UsageError(f"{path}: the result cannot be written there ({error}); choose another file") from error
