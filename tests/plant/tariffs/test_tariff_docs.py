"""The files in docs/tariffs.md are tariffs that load, bill, and list all that there are."""

import re
from pathlib import Path

import numpy as np
import pytest

from juli.plant.tariffs import DemandContract, DemandMode, bill, load_tariff, tariff_names


@pytest.fixture
def page(project: Path) -> str:
    return (project / "docs" / "tariffs.md").read_text(encoding="utf-8")


def test_every_example_loads_and_bills(page: str, tmp_path: Path, grid_from) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", page, flags=re.DOTALL)
    assert len(examples) == 3
    for text in examples:
        path = tmp_path / "example.yaml"
        path.write_text(text, encoding="utf-8")
        tariff = load_tariff(path)
        day = grid_from("2025-07-16", 96, zone=tariff.time_zone)
        contract = DemandContract(mode=DemandMode.MEASURED_MAXIMUM if tariff.two_part else None)
        assert bill(np.full(96, 100.0), day, tariff, contract).money > 0


def test_every_tariff_of_julis_is_in_the_table(page: str) -> None:
    assert set(re.findall(r"^\| `([^`]+)` \|", page, flags=re.MULTILINE)) == set(tariff_names())
