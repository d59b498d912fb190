"""Names on a map, none over another: what finds no free place is left out, and still shows on hover."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Where plotly can put a text beside its point: its name, and the box's middle in widths and heights.
_POSITIONS = {
    "top center": (0.0, 1.0),
    "bottom center": (0.0, -1.0),
    "middle right": (0.5, 0.0),
    "middle left": (-0.5, 0.0),
}
_LETTER_PIXELS = 6.4
_CHARACTER_PIXELS = 11.5
_HEIGHT_PIXELS = 14.0
_MARKER_PIXELS = 7.0

Point = tuple[float, float]
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class View:
    """A part of the map in degrees, drawn on so many pixels."""

    west: float
    east: float
    south: float
    north: float
    width_pixels: float
    height_pixels: float

    def contains(self, point: Point) -> bool:
        """Whether a point is inside."""
        return self.west <= point[0] <= self.east and self.south <= point[1] <= self.north

    def on_screen(self, point: Point) -> Point:
        """Where a point is drawn, in pixels from the south-west corner, both axes to one scale."""
        squeeze = math.cos(math.radians((self.south + self.north) / 2))
        wide, high = (self.east - self.west) * squeeze, self.north - self.south
        scale = min(self.width_pixels / max(wide, 1e-9), self.height_pixels / max(high, 1e-9))
        return ((point[0] - self.west) * squeeze * scale, (point[1] - self.south) * scale)


def view_around(points: Sequence[Point], margin: float, width_pixels: float, height_pixels: float) -> View:
    """Give the view that holds all points, with a margin as a share of its size."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    pad_x = (max(xs) - min(xs)) * margin + 1e-4
    pad_y = (max(ys) - min(ys)) * margin + 1e-4
    return View(
        min(xs) - pad_x, max(xs) + pad_x, min(ys) - pad_y, max(ys) + pad_y, width_pixels, height_pixels
    )


@dataclass(frozen=True)
class Wanted:
    """A name to be written: at the first of its points with room, on it (roads) or beside it (places)."""

    text: str
    points: tuple[Point, ...]
    on_point: bool
    colour: str


@dataclass(frozen=True)
class Placed:
    """A name that found its place."""

    text: str
    point: Point
    position: str
    colour: str


def text_pixels(text: str) -> float:
    """About how wide a text of the maps' size is: Chinese characters are square."""
    return sum(_CHARACTER_PIXELS if ord(c) > 0x2E80 else _LETTER_PIXELS for c in text)


def place(wanted: Iterable[Wanted], markers: Iterable[Point], view: View) -> list[Placed]:
    """Place names one after another, the important first, clear of markers, each other and the edges."""
    drawn = view.on_screen((view.east, view.north))[0]
    aside = max(view.width_pixels - drawn, 0.0) / 2  # the map stands in the middle of its picture
    taken = [_box(view.on_screen(point), _MARKER_PIXELS, _MARKER_PIXELS) for point in markers]
    placed: list[Placed] = []
    for name in wanted:
        width = text_pixels(name.text)
        for point, position, middle in _places(name, width, view):
            box = _box(middle, width / 2, _HEIGHT_PIXELS / 2)
            inside = -aside <= box[0] and box[1] <= drawn + aside
            if inside and not any(_overlap(box, other) for other in taken):
                taken.append(box)
                placed.append(Placed(name.text, point, position, name.colour))
                break
    return placed


def _places(name: Wanted, width: float, view: View) -> Iterable[tuple[Point, str, Point]]:
    for point in name.points:
        if not view.contains(point):
            continue
        x, y = view.on_screen(point)
        if name.on_point:
            yield point, "middle center", (x, y)
            continue
        for position, (across, up) in _POSITIONS.items():
            aside = across * (width + 2 * _MARKER_PIXELS)
            above = up * (_HEIGHT_PIXELS / 2 + _MARKER_PIXELS)
            yield point, position, (x + aside, y + above)


def _box(middle: Point, half_width: float, half_height: float) -> _Box:
    x, y = middle
    return (x - half_width, x + half_width, y - half_height, y + half_height)


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]
