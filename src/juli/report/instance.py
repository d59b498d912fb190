"""A page for a standard instance: its Gantt chart, and its load over the prices; one file, no script."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from juli.plan.result import Dispatch
from juli.plant.model import Language
from juli.report.words import word

#: The pictures' measures [px].
_WIDTH, _LEFT, _RIGHT, _ROW, _TALL, _FOOT = 1180, 64, 64, 22, 220, 26
#: Narrower runs carry no text [px].
_NARROWEST_TEXT: Final = 26
_HUE_STEP: Final = 137.508
_COLOURS: Final = {"import": "#7c93b6", "solar": "#f0b429", "discharge": "#2f9e8f"}

Floats = NDArray[np.float64]
_Scale = Callable[[float], float]


@dataclass(frozen=True)
class InstanceRun:
    """A run of an instance: job, operation, machine, from slot to slot."""

    job: int
    operation: int
    machine: int
    start: int
    end: int


@dataclass(frozen=True)
class InstanceLoad:
    """What a schedule draws; arrays of shape ``(slots,)``.

    Parameters
    ----------
    step_hours
        Length of a slot [h].
    load_kw
        Consumption [kW].
    price
        Of import [money/kWh].
    dispatch
        Where it comes from; None where all is imported.
    """

    step_hours: float
    load_kw: Floats
    price: Floats
    dispatch: Dispatch | None = None


def instance_page(
    name: str,
    runs: Sequence[InstanceRun],
    machines: int,
    facts: Sequence[tuple[str, str]],
    load: InstanceLoad | None,
    language: Language,
) -> str:
    """Compose the page; facts are key of a word and value."""
    slots = max([run.end for run in runs], default=1)
    if load is not None:
        slots = max(slots, len(load.load_kw))
    title = word("instance_title", language, name=name)
    rows = "".join(
        f"<tr><th>{escape(word(key, language))}</th><td>{escape(value)}</td></tr>" for key, value in facts
    )
    pictures = f"<h2>{escape(word('instance_gantt', language))}</h2>{_gantt(runs, machines, slots, language)}"
    if load is not None:
        pictures += f"<h2>{escape(word('instance_load', language))}</h2>{_load(load, slots, language)}"
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>"
        "body{font:14px 'Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1f2a37;margin:24px}"
        "th{text-align:left;font-weight:normal;color:#64748b;padding:2px 24px 2px 0}"
        "svg{max-width:100%;height:auto;display:block}svg text{font-size:11px;fill:#1f2a37}"
        "h2{font-size:15px;margin:22px 0 6px}"
        f"</style></head><body><h1>{escape(title)}</h1><table>{rows}</table>{pictures}</body></html>\n"
    )


def _scale(slots: int) -> float:
    return (_WIDTH - _LEFT - _RIGHT) / slots


def _ticks(slots: int, height: float, language: Language) -> str:
    """Lines at round slots, about ten of them."""
    raw = max(slots / 10, 1)
    unit = 10 ** int(np.floor(np.log10(raw)))
    step = next(unit * times for times in (1, 2, 5, 10) if unit * times >= raw)
    parts = []
    for at in range(0, slots + 1, step):
        x = _LEFT + at * _scale(slots)
        parts.append(f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{height}" stroke="#e5e9ef"/>')
        parts.append(f'<text x="{x:.1f}" y="{height + 14}" text-anchor="middle">{at}</text>')
    said = escape(word("instance_slot", language))
    end = f'<text x="{_WIDTH}" y="{height + 14}" text-anchor="end">{said}</text>'
    return "".join([*parts, end])


def _gantt(runs: Sequence[InstanceRun], machines: int, slots: int, language: Language) -> str:
    height, scale = machines * _ROW, _scale(slots)
    parts = [_ticks(slots, height, language)]
    for machine in range(machines):
        parts.append(f'<text x="0" y="{machine * _ROW + 14}">M{machine}</text>')
    for run in runs:
        x, wide, y = _LEFT + run.start * scale, (run.end - run.start) * scale, run.machine * _ROW + 2
        label = f"{run.job}.{run.operation}"
        said = f"{label} · M{run.machine} · {run.start}–{run.end}"
        colour = f"hsl({(run.job or run.operation) * _HUE_STEP % 360:.0f},45%,72%)"
        parts.append(
            f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="{_ROW - 4}" fill="{colour}" '
            f'stroke="white"><title>{escape(said)}</title></rect>'
        )
        if wide > _NARROWEST_TEXT:
            parts.append(f'<text x="{x + 3:.1f}" y="{y + 13}">{label}</text>')
    return _svg(parts, height + _FOOT)


def _load(load: InstanceLoad, slots: int, language: Language) -> str:
    """The load, stacked by where it comes from, with the price as a line; charging and export below zero."""
    given = load.dispatch
    up: list[tuple[str, Floats]]
    if given is None:
        up, below, consumed = [("import", load.load_kw)], np.zeros_like(load.load_kw), load.load_kw
    else:
        up = [
            ("solar", given.solar_kw),
            ("discharge", np.maximum(given.battery_kw, 0.0)),
            ("import", np.maximum(given.grid_kw, 0.0)),
        ]
        below = np.minimum(given.battery_kw, 0.0) + np.minimum(given.grid_kw, 0.0)
        consumed = load.load_kw
    total = np.sum([series for _, series in up], axis=0)
    top, bottom = float(max(total.max(), consumed.max(), 1e-9)), float(min(below.min(), 0.0))
    per_kw = (_TALL - 20) / (top - bottom)

    def y(kw: float) -> float:
        return 20 + (top - kw) * per_kw

    parts = [_ticks(slots, _TALL, language)]
    base = np.zeros_like(total)
    for name, series in up:
        parts.append(_area(base, base + series, slots, y, _COLOURS[name]))
        base = base + series
    parts.append(_area(below, np.zeros_like(below), slots, y, "#9bd3c8"))
    parts.append(_steps(consumed, slots, y, "#1f2a37", 1.4))
    highest, lowest = float(load.price.max()), min(float(load.price.min()), 0.0)
    spread = max(highest - lowest, 1e-9)

    def y_price(price: float) -> float:
        return 20 + (highest - price) / spread * (_TALL - 20)

    parts.append(_steps(load.price, slots, y_price, "#c2372e", 1.2))
    for kw in (top, 0.0, bottom):
        parts.append(f'<text x="{_LEFT - 6}" y="{y(kw) + 4:.1f}" text-anchor="end">{kw:,.4g} kW</text>')
    for price in (highest, lowest):
        at_y = f'x="{_WIDTH - _RIGHT + 6}" y="{y_price(price) + 4:.1f}"'
        parts.append(f'<text {at_y} style="fill:#c2372e">{price:,.4g}</text>')
    legend = [("#1f2a37", "instance_consumption"), ("#c2372e", "instance_price")]
    if given is not None:
        flows = [(_COLOURS[name], f"instance_{name}") for name, _ in up]
        legend += [*flows, ("#9bd3c8", "instance_below")]
    at = float(_LEFT)
    for colour, key in legend:
        said = word(key, language)
        parts.append(f'<rect x="{at}" y="2" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{at + 14}" y="11">{escape(said)}</text>')
        at += 40 + 12 * len(said) if language == "zh" else 34 + 6.5 * len(said)
    return _svg(parts, _TALL + _FOOT)


def _area(low: Floats, high: Floats, slots: int, y: _Scale, colour: str) -> str:
    if not np.any(high != low):
        return ""
    there = [f"{_LEFT + x * _scale(slots):.1f},{y(float(kw)):.1f}" for x, kw in _corners(high)]
    back = [f"{_LEFT + x * _scale(slots):.1f},{y(float(kw)):.1f}" for x, kw in reversed(_corners(low))]
    return f'<polygon points="{" ".join([*there, *back])}" fill="{colour}"/>'


def _steps(series: Floats, slots: int, y: _Scale, colour: str, wide: float) -> str:
    points = " ".join(f"{_LEFT + x * _scale(slots):.1f},{y(float(v)):.1f}" for x, v in _corners(series))
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{wide}"/>'


def _corners(series: Floats) -> list[tuple[int, float]]:
    return [(slot + side, float(value)) for slot, value in enumerate(series) for side in (0, 1)]


def _svg(parts: Sequence[str], height: float) -> str:
    body = "".join(parts)
    return f'<svg width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" role="img">{body}</svg>'
