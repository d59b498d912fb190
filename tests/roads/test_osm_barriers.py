"""What lies behind private gates is found with all of its gates, however they are nested."""

import numpy as np

from juli.roads.osm_barriers import behind_gates, leads_through

#: A road of junctions 0 to 9; gates at 10, 11 and 13, yards at 12 and 14.
ROAD = [(a, a + 1) for a in range(9)]


def places(*more, gates):
    pairs = np.array([pair for a, b in (*ROAD, *more) for pair in ((a, b), (b, a))])
    found = list(behind_gates(gates, pairs[:, 0], pairs[:, 1], 15))
    return [(*place, leads_through(*place, pairs[:, 0], pairs[:, 1])) for place in found]


def test_a_yard_with_one_gate_leads_nowhere_else():
    assert places((5, 10), (10, 12), gates=[10]) == [({10}, {12}, False)]


def test_a_yard_with_two_gates_leads_through():
    assert places((2, 10), (10, 12), (12, 11), (11, 7), gates=[10, 11]) == [({10, 11}, {12}, True)]


def test_a_yard_behind_a_yard_belongs_to_the_same_place():
    assert places((5, 10), (10, 12), (12, 13), (13, 14), gates=[10, 13]) == [({10, 13}, {12, 14}, False)]


def test_a_gate_on_a_road_that_is_reached_from_both_sides_encloses_nothing():
    assert places((2, 10), (10, 7), gates=[10]) == []
