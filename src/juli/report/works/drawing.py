"""Road maps as SVG: roads in grey, what matters in colour, names where there is room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, log10, radians

from juli.plant.model import Language
from juli.plant.road_map import Closure, RoadMap, Segment
from juli.report.map_labels import Point, View, Wanted, place, text_pixels, view_around
from juli.report.works.words import said

INK, MUTED, ROAD = "#1f2a37", "#64748b", "#d3dae3"
ALARM, BEFORE, ANNOUNCED, BETTER = "#c2372e", "#8a94a3", "#2563a8", "#1d8a5b"
_SHUT_DASH = "3 4"
#: Of the legend, in pixels: the height of a row, the length of a line in it, and the gap after an entry.
_ROW, _SAMPLE, _GAP = 26.0, 34.0, 26.0


@dataclass(frozen=True)
class Layer:
    """Routes drawn in one colour.

    Parameters
    ----------
    name
        What the legend calls them.
    colour, width, dash
        Of their lines; widths in pixels, dashes as SVG writes them.
    segments
        The segments that they take.
    """

    name: str
    colour: str
    width: float
    segments: frozenset[str]
    dash: str = ""


def draw(
    road_map: RoadMap,
    closure: Closure,
    layers: Sequence[Layer],
    language: Language,
    places: Sequence[tuple[str, str]] = (),
    size: tuple[float, float] = (1120.0, 620.0),
    focus: frozenset[str] | None = None,
) -> str:
    """Draw a closure, routes and places as one SVG element.

    Parameters
    ----------
    road_map, closure
        What is closed where.
    layers
        In drawing order, the first at the bottom.
    language
        Of the legend.
    places
        Junctions to be marked, each with its name.
    size
        Width and height of the picture [pixels].
    focus
        The segments that it shows, with the closure; None for those of the layers, and the places.
    """
    picture = _Picture(road_map, closure, layers, places, size, focus)
    return picture.svg(language)


def shape_of(road_map: RoadMap, segment: Segment) -> Sequence[Point]:
    """The points of a segment."""
    junctions = road_map.junctions
    return segment.shape or (junctions[segment.from_junction], junctions[segment.to_junction])


class _Picture:
    def __init__(
        self,
        road_map: RoadMap,
        closure: Closure,
        layers: Sequence[Layer],
        places: Sequence[tuple[str, str]],
        size: tuple[float, float],
        focus: frozenset[str] | None,
    ):
        self.road_map = road_map
        self.closure = closure
        self.layers = layers
        self.segments = {segment.id: segment for segment in road_map.segments}
        self.shut = [self.segments[s] for s in sorted(closure.segments) if s in self.segments]
        turned = sorted({self.segments[a].to_junction for a, _ in closure.movements if a in self.segments})
        self.crosses = [road_map.junctions[junction] for junction in turned]
        shown = focus or frozenset(name for layer in layers for name in layer.segments)
        drawn = [self.segments[name] for name in shown]
        points = [point for s in (*drawn, *self.shut) for point in shape_of(road_map, s)] + self.crosses
        if not focus:
            points += [road_map.junctions[junction] for junction, _ in places]
        self.view = view_around(points or list(road_map.junctions.values()), 0.12, *size)
        self.places = [place for place in places if self.view.contains(road_map.junctions[place[0]])]

    def at(self, point: Point) -> tuple[float, float]:
        """Where a point is drawn, in pixels from the top left corner; the map stands in the middle."""
        x, y = self.view.on_screen(point)
        right, top = self.view.on_screen((self.view.east, self.view.north))
        left = (self.view.width_pixels - right) / 2
        above = (self.view.height_pixels - top) / 2
        return x + left, self.view.height_pixels - above - y

    def path(self, segments: Iterable[Segment]) -> str:
        parts = []
        for segment in segments:
            steps = (self.at(point) for point in shape_of(self.road_map, segment))
            parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in steps))
        return "".join(parts)

    def svg(self, language: Language) -> str:
        width, height = self.view.width_pixels, self.view.height_pixels
        legend, above = self._legend(language)
        box = f"0 {-above:.0f} {width:.0f} {height + above:.0f}"
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" role="img" '
            f'aria-label="{escape(self.closure.id)}">',
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#fff"/>',
            _line(self.path(self._one_each(self._seen())), ROAD, 4),
        ]
        parts += [
            _line(
                self.path(self.segments[name] for name in sorted(layer.segments)),
                layer.colour,
                layer.width,
                layer.dash,
            )
            for layer in self.layers
        ]
        parts.append(_line(self.path(self.shut), ALARM, 5, _SHUT_DASH))
        parts += [_cross(*self.at(point)) for point in self.crosses]
        parts += [_dot(*self.at(self.road_map.junctions[junction])) for junction, _ in self.places]
        parts += self._names()
        parts += [legend, self._scale(language), "</svg>"]
        return "".join(parts)

    def _seen(self) -> list[Segment]:
        """The segments that lie in the picture, with a margin so that lines run out of it."""
        view = self.view
        wide, high = view.east - view.west, view.north - view.south
        around = View(view.west - wide, view.east + wide, view.south - high, view.north + high, 1, 1)
        junctions = self.road_map.junctions
        return [
            s
            for s in self.road_map.segments
            if around.contains(junctions[s.from_junction]) or around.contains(junctions[s.to_junction])
        ]

    @staticmethod
    def _one_each(segments: Iterable[Segment]) -> list[Segment]:
        """One direction of every road: the other would be drawn over it."""
        kept = {frozenset((s.from_junction, s.to_junction, s.road)): s for s in segments}
        return list(kept.values())

    def _names(self) -> list[str]:
        """Write places and roads, the closed ones first, then those that the routes take, then the rest."""
        closed = {self.segments[a].road for a, _ in self.closure.movements if a in self.segments}
        closed |= {segment.road for segment in self.shut}
        taken = {self.segments[name].road for layer in self.layers for name in layer.segments}
        middles: dict[str, list[Point]] = {}
        for segment in sorted(self._seen(), key=lambda segment: -segment.length_km):
            line = shape_of(self.road_map, segment)
            first, second = line[(len(line) - 1) // 2], line[len(line) // 2]
            middle = ((first[0] + second[0]) / 2, (first[1] + second[1]) / 2)
            if segment.road:
                middles.setdefault(segment.road, []).append(middle)
        ranks = [(road, ALARM) for road in middles if road in closed]
        ranks += [(road, INK) for road in middles if road in taken - closed]
        ranks += [(road, MUTED) for road in middles if road not in taken | closed]
        wanted = [
            Wanted(name, (self.road_map.junctions[junction],), False, INK) for junction, name in self.places
        ]
        wanted += [Wanted(road, tuple(middles[road]), True, colour) for road, colour in ranks]
        markers = [*self.crosses, *(self.road_map.junctions[junction] for junction, _ in self.places)]
        texts = []
        for name in place(wanted, markers, self.view):
            x, y = self.at(name.point)
            across, up, anchor = {
                "top center": (0, -11, "middle"),
                "bottom center": (0, 20, "middle"),
                "middle right": (11, 4, "start"),
                "middle left": (-11, 4, "end"),
            }.get(name.position, (0, 4, "middle"))
            texts.append(
                f'<text x="{x + across:.1f}" y="{y + up:.1f}" text-anchor="{anchor}" fill="{name.colour}" '
                f'class="name">{escape(name.text)}</text>'
            )
        return texts

    def _legend(self, language: Language) -> tuple[str, float]:
        """A strip above the map, so that it hides nothing of it, and how high it is [pixels]."""
        entries: list[tuple[str, Layer | None]] = [(layer.name, layer) for layer in self.layers]
        if self.shut or self.crosses:
            entries.insert(0, (said("closed", language), None))
        parts: list[str] = []
        x, row = 14.0, 0
        for name, layer in entries:
            wide = _SAMPLE + 8 + text_pixels(name)
            if x > 14 and x + wide > self.view.width_pixels:
                x, row = 14.0, row + 1
            y = _ROW * row + _ROW / 2
            line = f"M{x:.1f} {y:.1f}h{_SAMPLE:.1f}"
            if layer is not None:
                parts.append(_line(line, layer.colour, layer.width, layer.dash))
            else:
                parts += [_line(line, ALARM, 5, _SHUT_DASH)] if self.shut else []
                parts += [_cross(x + _SAMPLE / 2, y)] if self.crosses else []
            parts.append(f'<text x="{x + _SAMPLE + 8:.1f}" y="{y + 4:.1f}">{escape(name)}</text>')
            x += wide + _GAP
        high = _ROW * (row + 1)
        strip = f'<rect width="{self.view.width_pixels:.0f}" height="{high:.0f}"/>'
        return f'<g class="legend" transform="translate(0 {-high:.0f})">{strip}{"".join(parts)}</g>', high

    def _scale(self, language: Language) -> str:
        """A bar of a round length, or the word that lengths mean nothing here."""
        height = self.view.height_pixels
        if self.road_map.schematic:
            return f'<text x="14" y="{height - 14:.0f}" fill="{MUTED}">{said("schematic", language)}</text>'
        metres_per_degree = 111_195 * cos(radians((self.view.south + self.view.north) / 2))
        west, east = (
            self.at((self.view.west, self.view.south))[0],
            self.at((self.view.east, self.view.south))[0],
        )
        metres_per_pixel = (self.view.east - self.view.west) * metres_per_degree / max(east - west, 1)
        wanted_m = 140 * metres_per_pixel
        power = 10 ** int(log10(max(wanted_m, 1)))
        length_m = max(step * power for step in (1, 2, 5) if step * power <= wanted_m)
        end = 14 + length_m / metres_per_pixel
        text = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
        bar = _line(f"M14 {height - 14:.1f}H{end:.1f}", INK, 2)
        return f'{bar}<text x="14" y="{height - 20:.1f}" fill="{INK}">{text}</text>'


def _line(path: str, colour: str, width: float, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    cap = "butt" if dash else "round"
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width:g}" stroke-linejoin="round" '
        f'stroke-linecap="{cap}"{dashed}/>'
    )


def _cross(x: float, y: float) -> str:
    arms = f"M{x - 7:.1f} {y - 7:.1f}L{x + 7:.1f} {y + 7:.1f}M{x - 7:.1f} {y + 7:.1f}L{x + 7:.1f} {y - 7:.1f}"
    return _line(arms, "#fff", 8) + _line(arms, ALARM, 4.5)


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5.5" fill="#fff" stroke="{INK}" stroke-width="2.2"/>'
