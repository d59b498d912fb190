"""A cutting plan for people: key figures, a table for the terminal, and a page with every bar drawn."""

from datetime import timedelta
from html import escape
from typing import Any, Final

from juli.plan.cutting import CutBar, CuttingPlan
from juli.plant.cutting import CuttingTask
from juli.plant.model import Language
from juli.report.words import word

#: Colours of the kinds of pieces, steps of the golden angle.
_HUE_STEP: Final = 137.508
#: The picture's measures [px].
_WIDTH, _ROW, _BAR, _LEFT, _RIGHT = 1100, 30, 20, 120, 150
#: Narrower pieces carry no text [px].
_NARROWEST_TEXT: Final = 34


def key_figures(task: CuttingTask, plan: CuttingPlan) -> dict[str, Any]:
    """Add up a plan: bars, lengths by where they go [mm], patterns, set-ups, pieces after their promise."""
    taken = sum(bar.length_mm for bar in plan.bars)
    pieces = sum(piece.length_mm * piece.quantity for piece in task.pieces)
    offcuts = sum(bar.offcut_mm for bar in plan.bars)
    return {
        "bars_taken": len(plan.bars),
        "taken_mm": round(taken, 1),
        "pieces_mm": round(pieces, 1),
        "offcut_mm": round(offcuts, 1),
        "waste_mm": round(taken - pieces - offcuts, 1),
        "patterns": plan.patterns,
        "setups": plan.setups,
        "late_pieces": late_pieces(task, plan),
    }


def late_pieces(task: CuttingTask, plan: CuttingPlan) -> int:
    """Count the pieces that are cut after their promise; 0 where no start is told."""
    if task.start is None:
        return 0
    due = {piece.id: piece.due for piece in task.pieces}
    late = 0
    for bar in plan.bars:
        done = task.start + timedelta(minutes=bar.end_minutes)
        late += sum(1 for piece in bar.pieces if (promise := due[piece]) is not None and done > promise)
    return late


def _facts(task: CuttingTask, plan: CuttingPlan, language: Language) -> list[tuple[str, str]]:
    figures = key_figures(task, plan)

    def metres(millimetres: float) -> str:
        return f"{millimetres / 1000:,.3f}"

    share = figures["waste_mm"] / figures["taken_mm"]
    return [
        (
            word("cutting_bars", language),
            word(
                "cutting_bars_value",
                language,
                count=figures["bars_taken"],
                metres=metres(figures["taken_mm"]),
            ),
        ),
        (word("cutting_pieces", language), f"{metres(figures['pieces_mm'])} m"),
        (word("cutting_offcuts", language), f"{metres(figures['offcut_mm'])} m"),
        (
            word("cutting_waste", language),
            word("cutting_waste_value", language, metres=metres(figures["waste_mm"]), share=f"{share:.2%}"),
        ),
        (
            word("cutting_bound", language),
            word("cutting_bound_value", language, metres=metres(plan.bound_mm), gap=f"{plan.gap:.3%}"),
        ),
        (
            word("cutting_setups", language),
            word("cutting_setups_value", language, setups=plan.setups, patterns=plan.patterns),
        ),
        (word("cutting_late", language), str(figures["late_pieces"])),
    ]


def cutting_text(task: CuttingTask, plan: CuttingPlan, language: Language) -> str:
    """Write a plan as a table for the terminal."""
    from io import StringIO

    from rich.console import Console
    from rich.table import Table

    console = Console(file=StringIO(), width=120, highlight=False)
    for name, value in _facts(task, plan, language):
        console.print(f"{name}: {value}")
    console.print(word("cutting_unit_note", language))
    table = Table()
    for key in ("machine", "bar", "length_mm", "pattern", "start", "end", "pieces", "rest_mm", "scrap_mm"):
        justify = "right" if key in ("length_mm", "pattern", "rest_mm", "scrap_mm") else "left"
        table.add_column(word(f"column_{key}", language), justify=justify)  # type: ignore[arg-type]  # a str, of rich's literals
    for bar in plan.bars:
        table.add_row(
            bar.machine,
            bar.bar,
            f"{bar.length_mm:g}",
            str(bar.pattern),
            _clock(task, bar.begin_minutes),
            _clock(task, bar.end_minutes),
            _gathered(bar),
            f"{bar.offcut_mm:g}" if bar.offcut_mm else "",
            f"{_scrap_mm(task, bar):g}",
        )
    console.print(table)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue().rstrip()


def cutting_page(task: CuttingTask, plan: CuttingPlan, language: Language) -> str:
    """Compose a page with the key figures and a drawing of every bar; one file, no script."""
    title = word("cutting_title", language)
    facts = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>"
        for name, value in _facts(task, plan, language)
    )
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>"
        "body{font:14px 'Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif;color:#1f2a37;margin:24px}"
        "th{text-align:left;font-weight:normal;color:#64748b;padding:2px 24px 2px 0}"
        "svg text{font-size:11px;fill:#1f2a37}h2{font-size:15px;margin:22px 0 6px}"
        f"</style></head><body><h1>{escape(title)}</h1><table>{facts}</table>"
        f"<p>{escape(word('cutting_unit_note', language))}</p>"
        + "".join(_machine_drawing(task, plan, machine.id) for machine in task.machines)
        + "</body></html>\n"
    )


def _machine_drawing(task: CuttingTask, plan: CuttingPlan, machine: str) -> str:
    own = [bar for bar in plan.bars if bar.machine == machine]
    if not own:
        return ""
    scale = (_WIDTH - _LEFT - _RIGHT) / max(bar.length_mm for bar in plan.bars)
    hue = {piece.id: number * _HUE_STEP % 360 for number, piece in enumerate(task.pieces)}
    rows = "".join(_bar_drawing(task, bar, at * _ROW, scale, hue) for at, bar in enumerate(own))
    height = len(own) * _ROW
    return (
        f"<h2>{escape(machine)}</h2>"
        f'<svg width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" role="img">{rows}</svg>'
    )


def _bar_drawing(task: CuttingTask, bar: CutBar, top: float, scale: float, hue: dict[str, float]) -> str:
    """One bar: its pieces with their ids, what returns to stock hatched in outline, scrap grey."""
    length = {piece.id: piece.length_mm for piece in task.pieces}
    middle = top + _BAR / 2 + 4
    parts = [
        f'<text x="0" y="{middle}">{escape(bar.bar)}</text>',
        f'<rect x="{_LEFT}" y="{top}" width="{bar.length_mm * scale:.1f}" height="{_BAR}" fill="#9aa5b1"/>',
    ]
    at = _LEFT + task.end_trim_mm / 2 * scale
    for piece in bar.pieces:
        wide = length[piece] * scale
        label = f"{piece} {length[piece]:g}"
        parts.append(
            f'<rect x="{at:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR}" '
            f'fill="hsl({hue[piece]:.0f},45%,72%)" stroke="white"><title>{escape(label)} mm</title></rect>'
        )
        if wide > _NARROWEST_TEXT:
            text = label if wide > 6.6 * len(label) else f"{length[piece]:g}"
            parts.append(f'<text x="{at + 4:.1f}" y="{middle}">{escape(text)}</text>')
        at += wide + task.kerf_mm * scale
    if bar.offcut_mm:
        wide = bar.offcut_mm * scale
        parts.append(
            f'<rect x="{at:.1f}" y="{top + 0.5}" width="{wide:.1f}" height="{_BAR - 1}" fill="white" '
            f'stroke="#2f9e8f" stroke-dasharray="4 2"/>'
            f'<text x="{at + 4:.1f}" y="{middle}">{bar.offcut_mm:g}</text>'
        )
    said = f"#{bar.pattern}  {_clock(task, bar.begin_minutes)}–{_clock(task, bar.end_minutes)}"
    parts.append(f'<text x="{_LEFT + bar.length_mm * scale + 8:.1f}" y="{middle}">{escape(said)}</text>')
    return "".join(parts)


def _gathered(bar: CutBar) -> str:
    counts: dict[str, int] = {}
    for piece in bar.pieces:
        counts[piece] = counts.get(piece, 0) + 1
    return "  ".join(f"{count}× {piece}" if count > 1 else piece for piece, count in counts.items())


def _scrap_mm(task: CuttingTask, bar: CutBar) -> float:
    length = {piece.id: piece.length_mm for piece in task.pieces}
    return round(bar.length_mm - sum(length[piece] for piece in bar.pieces) - bar.offcut_mm, 1)


def _clock(task: CuttingTask, minutes: float) -> str:
    """The local time where the start is told, else minutes of work."""
    if task.start is None:
        return f"{minutes:g} min"
    moment = task.start + timedelta(minutes=minutes)
    days = (moment.date() - task.start.date()).days
    return f"{moment:%H:%M}" + (f" +{days}d" if days else "")
