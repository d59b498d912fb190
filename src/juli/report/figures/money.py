"""What a plan's money goes to."""

from juli.core.money import format_money
from juli.plan.result import Bill
from juli.plant.factory import Plant
from juli.plant.model import Language
from juli.report.figures.style import ACCENT, FLOW_COLOURS, INK, blank_figure, go
from juli.report.names import part_name
from juli.report.tables import money_table


def money_figure(plant: Plant, bill: Bill, language: Language) -> go.Figure:
    """Draw the bill's parts as a waterfall that ends in the total; parts that cost nothing are left out."""
    table = money_table(bill)
    rows = [row for row in table.rows(named=True) if row["category"] == "total" or abs(row["money"]) >= 0.005]
    labels = [part_name(row["category"], row["item"], language) for row in rows]
    figure = blank_figure(80 + 30 * len(rows), showlegend=False)
    figure.add_trace(
        go.Waterfall(
            orientation="h",
            measure=["total" if row["category"] == "total" else "relative" for row in rows],
            y=labels,
            x=[row["money"] for row in rows],
            text=[format_money(row["money"], plant.currency, 0) for row in rows],
            textposition="outside",
            cliponaxis=False,
            increasing={"marker": {"color": FLOW_COLOURS["import"]}},
            decreasing={"marker": {"color": FLOW_COLOURS["discharge"]}},
            totals={"marker": {"color": ACCENT}},
            connector={"line": {"color": "#cbd5e1", "width": 1}},
            hovertemplate="%{y}: %{text}<extra></extra>",
            textfont={"color": INK, "size": 12},
        )
    )
    figure.update_yaxes(autorange="reversed", automargin=True, showgrid=False)
    figure.update_xaxes(tickformat="~s", rangemode="tozero", automargin=True)
    figure.update_layout(margin={"l": 20, "r": 84, "t": 12, "b": 36})
    return figure
