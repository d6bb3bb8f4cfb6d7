"""The numbers of the package structure: entries, imports between them, layers, circles, upward imports.

    python -m benchmarks.house

An entry is a module or a folder of modules. The program ends with 1 where a folder has too many entries for a newcomer,
or where entries import each other in a circle. Upward imports are those against the layers in `pyproject.toml`;
`lint-imports` lists them.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

import grimp

#: Container -> how many entries it may have; None = as many as it likes.
ENTRIES_MAX: Final[Mapping[str, int | None]] = {"gaitlab": 24, "gaitlab.ui": 13, "gaitlab.pose": None}
_PYPROJECT: Final = Path(__file__).resolve().parents[1] / "pyproject.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """The entries of a package, without ``__main__``, and the imports between them.

    Attributes
    ----------
    name : str
    imports : mapping of str to set of str
        Entry -> the other entries that it imports.
    """

    name: str
    imports: Mapping[str, frozenset[str]]

    @property
    def n_arrows(self) -> int:
        """Number of pairs of entries of which one imports the other."""
        return sum(len(others) for others in self.imports.values())

    @property
    def circles(self) -> tuple[tuple[str, ...], ...]:
        """Groups of entries each of which imports, by way of others, all the rest of its group."""
        reach = {entry: self._reached_from(entry) for entry in self.imports}
        groups = {tuple(sorted(o for o in reach[e] if e in reach[o])) for e in self.imports if e in reach[e]}
        return tuple(sorted(groups))

    @property
    def n_floors(self) -> int | None:
        """Number of entries in the longest chain of imports; None where there is a circle."""
        if self.circles:
            return None
        sorter = TopologicalSorter(self.imports)
        sorter.prepare()
        floors = 0
        while ready := sorter.get_ready():
            sorter.done(*ready)
            floors += 1
        return floors

    def upward(self, floors: Sequence[frozenset[str]]) -> tuple[tuple[str, str], ...]:
        """Return the imports that do not point down, given the floors from the highest to the lowest."""
        depth = {entry: number for number, floor in enumerate(floors) for entry in floor}
        return tuple(
            (entry, other)
            for entry, others in sorted(self.imports.items())
            for other in sorted(others)
            if entry in depth and other in depth and depth[other] <= depth[entry]
        )

    def _reached_from(self, entry: str) -> frozenset[str]:
        reached: set[str] = set()
        ahead = set(self.imports[entry])
        while ahead:
            reached |= ahead
            ahead = {other for one in ahead for other in self.imports[one]} - reached
        return frozenset(reached)


def measure_house(graph: grimp.ImportGraph, name: str) -> House:
    """Return the entries of a package and the imports between them."""
    entries = {child for child in graph.find_children(name) if not child.endswith(".__main__")}
    home = {module: entry for entry in entries for module in {entry, *graph.find_descendants(entry)}}
    imports: dict[str, set[str]] = {entry: set() for entry in entries}
    for module, entry in home.items():
        found = {home[other] for other in graph.find_modules_directly_imported_by(module) if other in home}
        imports[entry] |= found - {entry}
    short = {entry: entry.removeprefix(f"{name}.") for entry in entries}
    return House(name=name, imports={short[e]: frozenset(short[o] for o in others) for e, others in imports.items()})


def floors_of(name: str, pyproject: Path = _PYPROJECT) -> tuple[frozenset[str], ...]:
    """Return the floors that the import contracts name for a package, highest first; none where no contract does."""
    contracts = tomllib.loads(pyproject.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers: Sequence[str] = next((one["layers"] for one in contracts if one.get("containers") == [name]), [])
    return tuple(frozenset(entry.strip(" ()") for entry in layer.split("|")) for layer in layers)


def faults(house: House, entries_max: int | None) -> Iterator[str]:
    """Yield the faults of a house."""
    if entries_max is not None and len(house.imports) > entries_max:
        yield f"{house.name}: expected at most {entries_max} entries side by side, got {len(house.imports)}"
    for circle in house.circles:
        yield f"{house.name}: expected no circle of imports, got one of {', '.join(circle)}"


def house_table(houses: Sequence[House], floors: Mapping[str, Sequence[frozenset[str]]]) -> str:
    """Return the numbers as a table, one line per house."""
    rows: list[tuple[str, ...]] = [("", "entries", "arrows", "floors", "circles", "up")]
    for house in houses:
        numbers = (
            len(house.imports),
            house.n_arrows,
            "-" if house.n_floors is None else house.n_floors,
            len(house.circles),
            len(house.upward(floors[house.name])),
        )
        rows.append((house.name, *map(str, numbers)))
    widest = max(len(row[0]) for row in rows)
    return "\n".join(" ".join([row[0].ljust(widest), *(cell.rjust(8) for cell in row[1:])]) for row in rows)


def main() -> int:
    """Print the numbers; the exit code is 1 where something is wrong."""
    graph = grimp.build_graph("gaitlab", cache_dir=None)
    houses = [measure_house(graph, name) for name in ENTRIES_MAX]
    print(house_table(houses, {name: floors_of(name) for name in ENTRIES_MAX}))
    wrong = [fault for house in houses for fault in faults(house, ENTRIES_MAX[house.name])]
    print("\n".join(wrong), end="\n" if wrong else "", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
