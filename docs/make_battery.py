"""Write the tables of parameters in docs/battery.md from the code: every number, its source, how well known.

Run it from the project's root after a change to a chemistry: ``python docs/make_battery.py``.
"""

import re
from pathlib import Path

from juli.power.chemistry import CHEMISTRIES, parameter_table

PAGE = Path(__file__).parent / "battery.md"


def table(name: str) -> str:
    """One chemistry's parameters as a Markdown table."""
    battery = CHEMISTRIES[name](energy_kwh=1, power_kw=1)
    lines = ["| parameter | value | unit | known | source |", "|---|---|---|---|---|"]
    for row in parameter_table(battery):
        cells = (f"`{row.name}`", row.value, row.unit, row.known, row.source)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines)


def counts(name: str) -> str:
    """How many of a chemistry's parameters are published, claimed, assumed."""
    rows = parameter_table(CHEMISTRIES[name](energy_kwh=1, power_kw=1))
    published, claimed, assumed = (sum(row.known == known for row in rows) for known in "VCR")
    return f"{published} published [V], {claimed} claimed [C], {assumed} assumed [R]."


def generated(text: str) -> str:
    """The page with its tables as the code has them."""
    for name in CHEMISTRIES:
        pattern = rf"(<!-- parameters of {name} -->\n).*?(\n<!-- end -->)"
        body = f"{counts(name)}\n\n{table(name)}"
        text, found = re.subn(pattern, lambda match, body=body: match[1] + body + match[2], text, flags=re.S)
        if found != 1:
            raise SystemExit(f"docs/battery.md has no place for the parameters of {name}")
    return text


if __name__ == "__main__":
    PAGE.write_text(generated(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
