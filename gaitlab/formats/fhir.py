"""FHIR R4: a Bundle of Observations, one per metric, as hospital systems take them.

Codes are those of a code system of GaitLab's own: none of LOINC's is claimed for a number that is measured otherwise.
Units are UCUM's. Every observation is preliminary; a withheld number has the reason instead of a value.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from gaitlab.errors import UsageError
from gaitlab.records import Metric

__all__ = ["UCUM", "write_fhir"]

_SYSTEM: Final = "urn:uuid:1c7a0a5e-5f0e-5f7b-9c59-6a0f6f9d1f24"
_UCUM: Final = "http://unitsofmeasure.org"
_ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/observation-category"
#: Unit of a metric → UCUM.
UCUM: Final[Mapping[str, str]] = {
    "": "1", "s": "s", "m": "m", "m/s": "m/s", "deg": "deg", "%": "%", "steps/min": "{steps}/min", "count": "{count}",
    "stands": "{stands}", "turns": "{turns}", "repetitions": "{repetitions}", "points": "{points}",
    "repetitions/min": "{repetitions}/min", "s/repetition": "s/{repetition}", "deg/repetition": "deg/{repetition}",
    "%/repetition": "%/{repetition}",
}  # fmt: skip


def write_fhir(
    path: Path,
    metrics: Sequence[Metric],
    *,
    person: str,
    recorded_at: datetime | None,
    program: str,
    labels: Mapping[str, str],
    source: str,
    provenance: str,
) -> None:
    """Write metrics as a FHIR R4 Bundle.

    Parameters
    ----------
    path : Path
    metrics : sequence of Metric
    person : str
        Name for people to read; empty = left out.
    recorded_at : datetime or None
        With a zone.
    program : str
        Name and version.
    labels : mapping of str to str
        Metric name → words.
    source : str
        Makes the ids: equal sources give equal ids.
    provenance : str
        Model and settings, for the note of the device.
    """
    patient = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'gaitlab patient {source} {person}')}"
    entries: list[dict[str, Any]] = [
        {
            "fullUrl": patient,
            "resource": {"resourceType": "Patient", **({"name": [{"text": person}]} if person else {})},
        }
    ]
    device = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'gaitlab device {source}')}"
    made_by = {"resourceType": "Device", "deviceName": [{"name": program, "type": "model-name"}]}
    entries.append({"fullUrl": device, "resource": {**made_by, "note": [{"text": provenance}]}})
    for place, metric in enumerate(metrics):
        one = uuid.uuid5(uuid.NAMESPACE_URL, f"gaitlab {source} {place} {metric.name} {metric.side}")
        entries.append(
            {
                "fullUrl": f"urn:uuid:{one}",
                "resource": _observation(metric, patient, device, recorded_at, labels.get(metric.name, metric.name)),
            }
        )
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": datetime.now(UTC).isoformat(timespec="seconds"),
        "entry": entries,
    }
    path.write_text(json.dumps(bundle, indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _observation(metric: Metric, patient: str, device: str, recorded_at: datetime | None, label: str) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [{"system": _CATEGORY, "code": "activity", "display": "Activity"}]}],
        "code": {"coding": [{"system": _SYSTEM, "code": metric.name, "display": label}], "text": label},
        "subject": {"reference": patient},
        "device": {"reference": device},
        "method": {"text": "Estimated from video in two dimensions; not a medical device"},
    }
    if recorded_at is not None:
        resource["effectiveDateTime"] = recorded_at.isoformat(timespec="seconds")
    if metric.side is not None:
        resource["bodySite"] = {"text": metric.side}
    if metric.value is None:
        resource["dataAbsentReason"] = {
            "coding": [{"system": _ABSENT, "code": "not-performed", "display": "Not Performed"}],
            "text": metric.reason or "withheld",
        }
    else:
        resource["valueQuantity"] = _quantity(metric.value, metric.unit)
    parts = [("confidence", metric.confidence, ""), ("n", float(metric.n), "count")]
    if metric.sd is not None:
        parts.append(("sd", metric.sd, metric.unit))
    resource["component"] = [
        {"code": {"coding": [{"system": _SYSTEM, "code": name}], "text": name}, "valueQuantity": _quantity(value, unit)}
        for name, value, unit in parts
    ]
    return resource


def _quantity(value: float, unit: str) -> dict[str, Any]:
    if unit not in UCUM:
        raise UsageError(f"unit {unit!r} has no code in UCUM yet; add it to gaitlab/formats/fhir.py")
    return {"value": round(value, 6), "unit": unit or "1", "system": _UCUM, "code": UCUM[unit]}
