"""Numbers of several rounds, and what they come to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value that `percent` of the values don't exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


@dataclass
class Rounds:
    """One figure of one contender: a number a round, in seconds."""

    seconds: list[float] = field(default_factory=list)

    def add(self, seconds: float) -> None:
        self.seconds.append(seconds)

    @property
    def median(self) -> float:
        return median(self.seconds)


@dataclass(frozen=True)
class Row:
    """A line of a table: a name, and two contenders' figures for each measure."""

    name: str
    pairs: tuple[tuple[Rounds, Rounds], ...]

    def cells(self) -> list[str]:
        """Write ours, the floor's and the ratio, for each measure."""
        found = [self.name]
        for ours, floor in self.pairs:
            found += [
                milliseconds(ours.median),
                milliseconds(floor.median),
                f"{ours.median / floor.median:.1f} x",
            ]
        return found


def milliseconds(seconds: float) -> str:
    value = seconds * 1000
    return f"{value:,.0f} ms" if value >= 100 else f"{value:.2f} ms"


def table(heads: Sequence[str], rows: Sequence[Row]) -> str:
    """Write a Markdown table whose columns line up in a terminal too."""
    lines = [list(heads), *[row.cells() for row in rows]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heads))]
    rule = ["-" * widths[0], *["-" * (width - 1) + ":" for width in widths[1:]]]
    out = [lines[0], rule, *lines[1:]]
    return "\n".join(
        "| "
        + " | ".join(
            _pad(cell, width, left=not column) for column, (cell, width) in _columns(line, widths)
        )
        + " |"
        for line in out
    )


def _columns(line: Sequence[str], widths: Sequence[int]) -> list[tuple[int, tuple[str, int]]]:
    return list(enumerate(zip(line, widths, strict=True)))


def _pad(cell: str, width: int, *, left: bool) -> str:
    return cell.ljust(width) if left else cell.rjust(width)
