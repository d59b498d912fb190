"""One look for every figure: colours, font, axes."""

from typing import Any, Final

import polars as pl

from juli.core.errors import MissingExtraError

try:
    import plotly.graph_objects as go
except ImportError as error:
    raise MissingExtraError("report", "drawing figures") from error

__all__ = ["go"]

FONT: Final = "Noto Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
INK: Final = "#1f2a37"
MUTED: Final = "#64748b"
HAIRLINE: Final = "#e5e9ef"
ALARM: Final = "#c2372e"
ACCENT: Final = "#0f6e72"

#: Where electricity comes from and goes to.
FLOW_COLOURS: Final = {
    "solar": "#f0b429",
    "discharge": "#2f9e8f",
    "charge": "#9bd3c8",
    "import": "#7c93b6",
    "export": "#f7dc94",
}
#: The tint behind a price period, dear to cheap.
PERIOD_TINTS: Final = {
    "sharp": "rgba(194,55,46,0.16)",
    "peak": "rgba(194,55,46,0.08)",
    "valley": "rgba(47,120,180,0.08)",
    "deep_valley": "rgba(47,120,180,0.16)",
}
TRUCK_COLOURS: Final = ("#2563a8", "#d9772b", "#2f9e8f", "#8a4fa3", "#b8a21e", "#5f6b7a")


def blank_figure(height: int, **layout: Any) -> go.Figure:
    """Give an empty figure in the house's style."""
    axis = {"gridcolor": HAIRLINE, "zerolinecolor": "#b6c0cc", "linecolor": HAIRLINE, "fixedrange": False}
    figure = go.Figure()
    figure.update_layout(
        template="none",
        height=height,
        font={"family": FONT, "size": 12, "color": INK},
        paper_bgcolor="white",
        plot_bgcolor="white",
        margin={"l": 64, "r": 24, "t": 36, "b": 40},
        hoverlabel={"font": {"family": FONT, "size": 12}, "align": "left"},
        legend={
            "orientation": "h",
            "x": 0,
            "y": 1.0,
            "yanchor": "bottom",
            "traceorder": "normal",
            "font": {"size": 12},
        },
        xaxis=axis,
        yaxis=axis,
    )
    figure.update_layout(**layout)
    return figure


def local_times(moments: pl.Series) -> list[str]:
    """Write moments as the wall clock shows them: plotly's axes know no time zones."""
    return moments.dt.strftime("%Y-%m-%d %H:%M:%S").to_list()


def order_colours(orders: list[str]) -> dict[str, str]:
    """Give each order a hue far from its neighbours' (steps of the golden angle)."""
    return {
        order: f"hsl({index * 137.508 % 360:.0f},{38 + 10 * (index % 2)}%,{56 + 8 * (index % 3)}%)"
        for index, order in enumerate(orders)
    }
