"""Lists that name nothing, and tools of which there are none, are told in the plant's words."""

from pathlib import Path

from juli.plant.reading import read_folder

PLANT = """
name: works
planning: {start: 2023-12-18, days: 1}
calendars: {all: {shifts: [{from: "00:00", to: "00:00"}]}}
machines: [{id: saw, calendar: all, power: {running_kw: 1}}]
resources: [{id: jig, amount: 0}]
products:
  - id: SET
    routing:
      - {operation: cut, machines: [], minutes_per_unit: 5}
grid: {tariff: flat}
"""


def test_no_machine_and_no_tool(tmp_path: Path) -> None:
    (tmp_path / "plant.yaml").write_text(PLANT, encoding="utf-8")
    told = [problem.message for problem in read_folder(tmp_path).problems]
    assert "products.SET.routing.cut.machines: no machine can do it" in told
    assert any("jig.amount: there are 0 of it" in message for message in told)
