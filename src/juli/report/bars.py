"""The bars that a plan cuts, for its page: material by material in a table, list by list as pictures."""

from collections import Counter
from html import escape
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from juli.plan.bars import BarCut
from juli.plan.result import Plan
from juli.plant.demand import Demand
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.plant.work import Work
from juli.report.formats import day, number, percent
from juli.report.names import Names
from juli.report.words import word

#: Colours of orders, steps of the golden angle.
_HUE_STEP: Final = 137.508
#: The picture's measures [px].
_WIDTH, _ROW, _BAR, _LEFT, _RIGHT = 1180, 26, 18, 250, 170
#: Narrower pieces carry no text [px].
_NARROWEST_TEXT: Final = 34


def bars_section(plant: Plant, demand: Demand, plan: Plan, work: Work, language: Language) -> dict[str, Any]:
    """Give what each material takes, what the stock is short of, and a picture of every cut list."""
    return {
        "has_bars": bool(demand.stock),
        "bars_materials": _materials(plant, plan, work, language) if demand.stock else [],
        "bars_short": _short(plan, work) if demand.stock else [],
        "bars_lists": _lists(plant, plan, language),
    }


def _name(plant: Plant, material: str, language: Language) -> str:
    named = plant.material_by_id.get(material)
    return material if named is None or named.name is None else named.name.in_language(language)


def _materials(plant: Plant, plan: Plan, work: Work, language: Language) -> list[dict[str, str]]:
    """Each material: bars taken from stock, their length, pieces, what is back in stock, scrap."""
    wanted = {cut.material for operation in work.operations for cut in operation.cuts}
    rows = []
    for material in (one.id for one in plant.materials if one.id in wanted):
        own = [cut for cut in plan.cutting if cut.material == material]
        left = {cut.offcut: cut.offcut_mm for cut in own if cut.offcut}
        back_mm = sum(left.values()) - sum(cut.length_mm for cut in own if cut.bar in left)
        fresh = [cut for cut in own if cut.bar not in left]
        taken_mm = sum(cut.length_mm for cut in fresh)
        pieces_mm = sum(piece.length_mm for cut in own for piece in cut.pieces)
        scrap_mm = taken_mm - pieces_mm - back_mm
        rows.append(
            {
                "material": _name(plant, material, language),
                "bars": number(len(fresh)),
                "taken": number(taken_mm / 1000, 1),
                "pieces": number(pieces_mm / 1000, 1),
                "back": number(back_mm / 1000, 1),
                "scrap": number(scrap_mm / 1000, 1),
                "share": percent(scrap_mm / taken_mm if taken_mm else None, 2),
            }
        )
    return rows


def _short(plan: Plan, work: Work) -> list[dict[str, str]]:
    """The pieces that no bar is left for."""
    cut = Counter(
        (piece.operation, one.material, piece.length_mm) for one in plan.cutting for piece in one.pieces
    )
    rows = []
    for operation in work.operations:
        for one in operation.cuts:
            count = one.quantity - cut[operation.id, one.material, one.length_mm]
            if count > 0:
                what = f"{count} × {one.length_mm:g} mm"
                rows.append({"operation": operation.id, "material": one.material, "pieces": what})
    return rows


def _lists(plant: Plant, plan: Plan, language: Language) -> list[dict[str, Any]]:
    """The cut lists: a machine's bars of a day and of a material."""
    run_of = {run.operation: run for run in plan.runs}
    names = Names(plant, language)
    orders = sorted({piece.operation.partition("#")[0] for cut in plan.cutting for piece in cut.pieces})
    hue = {order: at * _HUE_STEP % 360 for at, order in enumerate(orders)}

    def key(cut: BarCut) -> tuple[Any, ...]:
        run = run_of[cut.operation]
        return plan.schedule.time_of(run.start).date(), cut.machine, cut.material

    known = [cut for cut in plan.cutting if cut.operation in run_of]
    by_list = sorted(known, key=lambda cut: (*key(cut), run_of[cut.operation].start))
    longest_mm = max((cut.length_mm for cut in known), default=1.0)
    found = []
    for (_, machine, material), group in groupby(by_list, key=key):
        bars = list(group)
        first = plan.schedule.time_of(run_of[bars[0].operation].start)
        head = f"{day(first, language)} · {names.machines[machine]} · {_name(plant, material, language)}"
        starts = {
            cut.operation: f"{plan.schedule.time_of(run_of[cut.operation].start):%H:%M}" for cut in bars
        }
        found.append(
            {
                "head": head,
                "count": word("bars_count", language, count=len(bars)),
                "picture": Markup(_picture(bars, starts, longest_mm, hue)),
            }
        )
    return found


def _picture(bars: list[BarCut], starts: dict[str, str], longest_mm: float, hue: dict[str, float]) -> str:
    """Draw the bars of a list; neighbours that are cut alike share a row."""

    def alike(cut: BarCut) -> tuple[Any, ...]:
        lengths = tuple((piece.operation, piece.length_mm) for piece in cut.pieces)
        return cut.operation, cut.length_mm, lengths, cut.offcut_mm

    rows = [list(group) for _, group in groupby(bars, key=alike)]
    scale = (_WIDTH - _LEFT - _RIGHT) / longest_mm
    drawn = "".join(_row(row, starts[row[0].operation], at * _ROW, scale, hue) for at, row in enumerate(rows))
    height = len(rows) * _ROW
    return (
        f'<svg class="bars" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img">{drawn}</svg>'
    )


def _row(alike: list[BarCut], start: str, top: float, scale: float, hue: dict[str, float]) -> str:
    cut = alike[0]
    middle = top + _BAR / 2 + 4
    label = f"{start}  {cut.bar}" + (f"  × {len(alike)}" if len(alike) > 1 else "")
    parts = [
        f'<text x="0" y="{middle:g}">{escape(label)}</text>',
        f'<rect x="{_LEFT}" y="{top:g}" width="{cut.length_mm * scale:.1f}" height="{_BAR}" fill="#9aa5b1"/>',
    ]
    at: float = _LEFT
    for piece in cut.pieces:
        wide = piece.length_mm * scale
        order = piece.operation.partition("#")[0]
        said = f"{piece.operation} · {piece.length_mm:g} mm"
        parts.append(
            f'<rect x="{at:.1f}" y="{top:g}" width="{wide:.1f}" height="{_BAR}" '
            f'fill="hsl({hue[order]:.0f},45%,75%)" stroke="white"><title>{escape(said)}</title></rect>'
        )
        if wide > _NARROWEST_TEXT:
            full = f"{order} {piece.length_mm:g}"
            text = full if wide > 6.8 * len(full) else f"{piece.length_mm:g}"
            parts.append(f'<text x="{at + 3:.1f}" y="{middle:g}">{escape(text)}</text>')
        at += wide
    if cut.offcut_mm:
        wide = cut.offcut_mm * scale
        left = _LEFT + cut.length_mm * scale - wide
        parts.append(
            f'<rect x="{left:.1f}" y="{top + 0.5:g}" width="{wide:.1f}" height="{_BAR - 1}" fill="white" '
            f'stroke="#2f9e8f" stroke-dasharray="4 2"/>'
            f'<text x="{left + 3:.1f}" y="{middle:g}">{cut.offcut_mm:g}</text>'
        )
        after = f"→ {cut.offcut}" if len(alike) == 1 else f"→ {len(alike)} ×"
        parts.append(
            f'<text x="{_LEFT + cut.length_mm * scale + 8:.1f}" y="{middle:g}">{escape(after)}</text>'
        )
    return "".join(parts)
