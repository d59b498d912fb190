"""Every number of a battery carries its unit, its source and how well it is known."""

import math
from dataclasses import fields, replace

import pytest

from juli.power.chemistry import CHEMISTRIES, Known, NickelHydrogen, parameter_table

RATINGS = {"energy_kwh", "power_kw"}


@pytest.mark.parametrize("chemistry", CHEMISTRIES.values())
def test_no_number_is_without_source(chemistry):
    battery = chemistry(energy_kwh=1, power_kw=1)
    named = {row.name for row in parameter_table(battery)}
    absent = {each.name for each in fields(battery)} - named - RATINGS
    # What a chemistry does not have is switched off, and needs no source.
    for name in absent:
        assert getattr(battery, name) in (0.0, 1.0, math.inf, -math.inf, 0.01), name
    for row in parameter_table(battery):
        assert row.source
        assert row.unit
        assert row.known in set(Known)


def test_a_number_that_the_user_sets_loses_its_source():
    battery = replace(NickelHydrogen(energy_kwh=1, power_kw=1), self_discharge_per_hour=0.003)
    row = next(row for row in parameter_table(battery) if row.name == "self_discharge_per_hour")
    assert (row.value, row.known) == ("0.003", "")
    assert row.source == "set by the user (default 0.0015)"


def test_published_claimed_and_assumed_numbers_are_told_apart():
    known = {row.name: row.known for row in parameter_table(NickelHydrogen(energy_kwh=1, power_kw=1))}
    assert known["pressure_limit_bar"] == "V"
    assert known["coldest_celsius"] == "C"
    assert known["self_discharge_per_hour"] == "R"
