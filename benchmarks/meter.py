"""The report of a measured program on itself; standard library only, as the peers' environments run it too."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["peak_memory_mb", "report"]

_STATUS = Path("/proc/self/status")


def peak_memory_mb() -> float:
    """Return the most memory that this program held so far, in MB of 1024 x 1024 bytes.

    Linux: VmHWM, because `ru_maxrss` of a new program starts at what the program that started it had held. Elsewhere
    `ru_maxrss`, which counts kB, on macOS bytes.
    """
    if _STATUS.is_file():
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    per_mb = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / per_mb


def report(work: Callable[[], int]) -> None:
    """Do the work, which returns how many frames it took, and print what it cost as one line of JSON."""
    start_s, start_cpu_s = time.perf_counter(), time.process_time()
    frames = work()
    measured = {
        "frames": frames,
        "wall_s": time.perf_counter() - start_s,
        "cpu_s": time.process_time() - start_cpu_s,
        "peak_mb": peak_memory_mb(),
    }
    print(json.dumps(measured), flush=True)
