"""The geometry of the pictures in the report: where each shape goes. The templates draw them.

Nothing here makes markup, so that no text of the linted code can become any.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

WIDTH, HEIGHT = 1000.0, 420.0
_BANDS = (("E", 0, 35), ("D", 35, 65), ("C", 65, 80), ("B", 80, 90), ("A", 90, 100))
"""Grades on the scale of the score (``debt._CURVE``)."""


class Box(NamedTuple):
    """A rectangle of the treemap and how much text fits in."""

    name: str
    value: int
    x: float
    y: float
    width: float
    height: float

    @property
    def label(self) -> str:
        room = int((self.width - 10) / 8.6)
        if self.height < 20 or room < 4:
            return ""
        return self.name if len(self.name) <= room else self.name[: room - 1] + "…"

    @property
    def tall(self) -> bool:
        return self.height >= 42 and self.width >= 60


class Arc(NamedTuple):
    """A part of the dial."""

    grade: str
    path: str


class Dial(NamedTuple):
    """The dial: its bands, and the end of the needle."""

    bands: list[Arc]
    x: float
    y: float


def dial(score: int) -> Dial:
    """A half circle from 0 to 100 around (100, 100)."""
    return Dial(
        [Arc(grade, _arc(low + 0.4, high - 0.4)) for grade, low, high in _BANDS],
        *_point(score, 62),
    )


def _point(score: float, radius: float) -> tuple[float, float]:
    angle = math.pi * (1 - score / 100)
    return round(100 + radius * math.cos(angle), 1), round(100 - radius * math.sin(angle), 1)


def _arc(low: float, high: float) -> str:
    (x1, y1), (x2, y2) = _point(low, 84), _point(high, 84)
    return f"M{x1} {y1}A84 84 0 0 1 {x2} {y2}"


def treemap(items: Sequence[tuple[str, int]], width: float = WIDTH, height: float = HEIGHT) -> list[Box]:
    """Rectangles with areas as the values (squarified); items without a value are left out."""
    rest = sorted((item for item in items if item[1] > 0), key=lambda item: (-item[1], item[0]))
    total = sum(value for _, value in rest)
    x = y = 0.0
    boxes: list[Box] = []
    scale = width * height / total if total else 0
    while rest:
        side = min(width, height)
        row = _row([value * scale for _, value in rest], side)
        thick = sum(value * scale for _, value in rest[:row]) / side
        boxes += _laid(rest[:row], scale, thick, (x, y, width, height))
        if width >= height:
            x, width = x + thick, max(width - thick, 1e-6)
        else:
            y, height = y + thick, max(height - thick, 1e-6)
        rest = rest[row:]
    return boxes


def _row(areas: list[float], side: float) -> int:
    """How many areas make up the next row, so that its boxes are as square as can be."""
    best, total = math.inf, 0.0
    for count, area in enumerate(areas, 1):
        total += area
        ratio = max(side * side * areas[0] / total**2, total**2 / (side * side * area))
        if ratio > best:
            return count - 1
        best = ratio
    return len(areas)


def _laid(
    row: Sequence[tuple[str, int]], scale: float, thick: float, room: tuple[float, float, float, float]
) -> list[Box]:
    x, y, width, height = room
    boxes, offset = [], 0.0
    for name, value in row:
        length = value * scale / thick
        shape = (x, y + offset, thick, length) if width >= height else (x + offset, y, length, thick)
        boxes.append(Box(name, value, *(round(number, 1) for number in shape)))
        offset += length
    return boxes


class Run(NamedTuple):
    """A run of the history: its hours of debt, its grade, and its day (empty when not known)."""

    hours: float
    grade: str
    day: str


class Dot(NamedTuple):
    """A run on the curve."""

    x: float
    y: float
    run: Run


class Trend(NamedTuple):
    """The curve of the hours over the runs, from zero to ``top``."""

    line: str
    area: str
    dots: list[Dot]
    top: float


RUNS = 40
"""Runs that the curve shows, the last ones."""
TREND_WIDTH, TREND_HEIGHT = 700.0, 220.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 66.0, 20.0, 20.0, 30.0


def trend(runs: Sequence[Run]) -> Trend:
    """Runs at equal distances; there are at least two."""
    top = max(max(run.hours for run in runs), 1.0)
    wide = (TREND_WIDTH - _LEFT - _RIGHT) / (len(runs) - 1)
    floor = TREND_HEIGHT - _BOTTOM
    dots = [
        Dot(round(_LEFT + wide * number, 1), round(floor - (floor - _TOP) * run.hours / top, 1), run)
        for number, run in enumerate(runs)
    ]
    line = " ".join(f"{dot.x},{dot.y}" for dot in dots)
    return Trend(line, f"{dots[0].x},{floor} {line} {dots[-1].x},{floor}", dots, top)
