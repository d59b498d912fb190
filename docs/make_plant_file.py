"""Write what is generated in docs: plant-file.md, plant.schema.json and plan.schema.json.

Run it from the project's root after a change to the models: ``python docs/make_plant_file.py``.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from juli.plan.document import PlanDocument
from juli.plant.factory import Plant
from juli.plant.reading import forecasts, orders, pickups, stock
from juli.plant.schema import schema_text

DOCS = Path(__file__).parent

HEAD = """# The plant's files

<!-- Written by docs/make_plant_file.py from the models: change those, not this file. -->

A plant is a folder. `juli init DIR` writes a small one that plans; `juli check DIR` lists every problem.

| file | what is in it |
|---|---|
| `plant.yaml` | the factory: everything below |
| `orders.csv` or `orders.xlsx` | what is asked of it, a row per order |
| `pickups.csv` | goods that trucks fetch, a row per consignment; may be absent |
| `stock.csv` | the bars that `cuts` are cut from, a row per bar; without it no cutting is planned |
| `forecast.csv` | base load and solar, a row per quarter-hour or hour |
| `roads.geojson` | the roads, where `transport` names it |
| `notices/2023-12-14 title.txt` | notices of road works; the name begins with the day of publication |
| `notices/2023-12-14 title.geojson` | a WZDx feed of works, with its `….movements.json` where it has one |

All are UTF-8. An Excel file's first sheet is read; its columns are those of the CSV.
Times without an offset are local (`time_zone`). Units stand in the names: `_kw`, `_kwh`, `_minutes`,
`_kg`, `_m3`, `_km`; money is in `currency`. Keys that are not listed here are errors, so that no slip of
the pen is lost. YAML's aliases (`*name`) are not read.

Editors complete and check `plant.yaml` by its schema: [plant.schema.json](plant.schema.json), or
`juli schema`; a first line `# yaml-language-server: $schema=plant.schema.json` names it.
[plan.schema.json](plan.schema.json) describes `plan.json`.
"""

COLUMNS = {
    "order": "its id",
    "product": "the id of a product of `plant.yaml`",
    "quantity": "in units of the product",
    "due": "the promise: arrival at the site, or completion without one; a date alone: the end of the day",
    "release": "work begins at the earliest then; the plan's start where it is empty",
    "site": "the id of a site of `transport`; empty where the customer fetches it",
    "lateness_per_hour": "what an hour after the promise costs",
    "lead_price_per_hour": "what an hour from release to completion costs; the product's where it is empty",
    "remark": "for people",
    "time": "the beginning of the row's slot",
    "base_load_kw": "consumption that no schedule moves, mean over the slot",
    "solar_kw": "solar power that is there to be used, mean over the slot",
    "buy": "price of import per kWh, where it is not the tariff's",
    "sell": "price of export per kWh, where it is not the tariff's or `sell_per_kwh`",
}

PICKUP_COLUMNS = COLUMNS | {
    "pickup": "its id, unlike every order's",
    "site": "the id of a site of `transport`, where they are fetched",
    "weight_kg": "how much of a truck it takes, with `volume_m3`; it travels whole",
    "volume_m3": "see `weight_kg`",
    "due": "loading at the site is promised to begin by then; a date alone: the end of the day",
    "ready": "the site has it at the earliest then; the plan's start where it is empty",
}

STOCK_COLUMNS = {
    "bar": "its id",
    "material": "the id of one of `materials` of `plant.yaml`",
    "length_mm": "as it was measured, to a tenth of a millimetre",
    "quantity": "bars of this length; 1 where it is empty, or `unlimited`",
    "remark": "for people",
}

ROADS = """## roads.geojson

A GeoJSON FeatureCollection; a schematic drawing says `"schematic": true`, and its pictures say so too.

- `Point` features are junctions: `{"junction": ID}`.
- `LineString` features are roads between two of them:
  `{"road": NAME, "from": ID, "to": ID, "speed_kmh": 50}`, both ways unless `"oneway": true`; also
  `length_km`, `max_weight_t`, `max_height_m`, `max_width_m`, `speed_profile`, and `trucks_banned` (`true`,
  or `{"from": "07:00", "to": "09:00"}`).
- Beside `features`: `name`, `datum` (`WGS-84` or `GCJ-02`), `speed_profiles` (24 shares of the speed, by
  hour), `banned_movements` (pairs of segments `NAME:FROM>TO`), `time_zone`.
"""


def plant_file_text() -> str:
    """The whole reference."""
    schema = Plant.model_json_schema()
    parts = [HEAD, "## plant.yaml", *_section(schema, schema["$defs"])]
    for name in _in_reading_order(schema, schema["$defs"]):
        described = schema["$defs"][name]
        if "properties" in described:
            parts += [f"### {name}", *_section(described, schema["$defs"])]
    tables = (
        ("orders.csv", orders, COLUMNS),
        ("pickups.csv", pickups, PICKUP_COLUMNS),
        ("stock.csv", stock, STOCK_COLUMNS),
        ("forecast.csv", forecasts, COLUMNS),
    )
    for file, module, columns in tables:
        rows = [
            f"| `{column}` | {'yes' if column in module.REQUIRED else ''} | {columns[column]} |"
            for column in (*module.REQUIRED, *module.OPTIONAL)
        ]
        parts += [f"## {file}", "\n".join(["| column | needed | meaning |", "|---|---|---|", *rows])]
    return "\n\n".join(part.strip() for part in [*parts, ROADS]) + "\n"


def _section(described: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    yield described["description"].replace("``", "`").replace("\n\n", "\n")
    required = described.get("required", [])
    rows = [
        f"| `{key}` | {_type(value, definitions)} | {_default(value, key in required)} | "
        f"{value.get('description', '')} |"
        for key, value in described["properties"].items()
    ]
    yield "\n".join(["| key | value | default | meaning |", "|---|---|---|---|", *rows])


def _default(value: dict[str, Any], required: bool) -> str:
    if required:
        return "**needed**"
    default = value.get("default")
    return "" if default in (None, [], "") else f"`{json.dumps(default, ensure_ascii=False)}`"


def _type(value: dict[str, Any], definitions: dict[str, Any]) -> str:
    if "$ref" in value:
        name = str(value["$ref"]).rpartition("/")[2]
        described = definitions[name]
        return f"[{name}](#{name.lower()})" if "properties" in described else _type(described, definitions)
    if "anyOf" in value:
        kinds = (_type(one, definitions) for one in value["anyOf"] if one.get("type") != "null")
        return " or ".join(kinds)
    if "enum" in value:
        return " ".join(f"`{one}`" for one in value["enum"])
    if "examples" in value:
        return f"like `{value['examples'][0]}`"
    if value["type"] == "array":
        return f"list of {_type(value['items'], definitions)}"
    if value["type"] == "object":
        inner = value.get("patternProperties", {})
        return " ".join(f"by name: {_type(one, definitions)}" for one in inner.values()) or "mapping"
    if value["type"] in ("number", "integer"):
        return _range(value)
    return "`true` or `false`" if value["type"] == "boolean" else str(value.get("format", "text"))


def _range(value: dict[str, Any]) -> str:
    kind = "number" if value["type"] == "number" else "whole number"
    signs = {"exclusiveMinimum": ">", "exclusiveMaximum": "<"}
    signs |= {"minimum": "≥"} if "exclusiveMinimum" not in value else {}
    signs |= {"maximum": "≤"} if "exclusiveMaximum" not in value else {}
    limits = [f"{sign} {value[key]:g}" for key, sign in signs.items() if abs(value.get(key, 1e9)) < 1e9]
    return f"{kind} {', '.join(limits)}".strip()


def _in_reading_order(described: dict[str, Any], definitions: dict[str, Any]) -> list[str]:
    """The models in the order in which a reader of the file meets them."""
    met: list[str] = []

    def visit(value: object) -> None:
        if isinstance(value, list):
            for item in value:
                visit(item)
        elif isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name and name not in met:
                met.append(name)
                visit(definitions[name].get("properties", {}))
            for key, item in value.items():
                if key != "$defs":
                    visit(item)

    visit(described["properties"])
    return met


def generated() -> dict[str, str]:
    """The text of every generated file, by name."""
    return {
        "plant-file.md": plant_file_text(),
        "plant.schema.json": schema_text(Plant),
        "plan.schema.json": schema_text(PlanDocument),
    }


if __name__ == "__main__":
    for name, text in generated().items():
        (DOCS / name).write_text(text, encoding="utf-8")
