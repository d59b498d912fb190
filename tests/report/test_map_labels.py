"""Names on the map never cover each other."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from juli.report.map_labels import Wanted, place, view_around

points = st.tuples(st.floats(119.7, 119.9), st.floats(31.6, 31.8))
names = st.builds(
    Wanted,
    st.sampled_from(["长扬路", "Mill", "A long name indeed"]),
    st.tuples(points),
    st.booleans(),
    st.just("red"),
)


def middle(placed, view):
    """Where plotly draws the text, and how much room it takes."""
    x, y = view.on_screen(placed.point)
    width = sum(11.5 if ord(c) > 0x2E80 else 6.4 for c in placed.text)
    x += {"middle right": 1, "middle left": -1}.get(placed.position, 0) * (width / 2 + 7)
    y += {"top center": 1, "bottom center": -1}.get(placed.position, 0) * 14
    return x, y, width


@given(st.lists(names, max_size=15))
def test_no_two_names_overlap(wanted):
    view = view_around([(119.7, 31.6), (119.9, 31.8)], 0.05, 1150, 600)
    placed = [middle(name, view) for name in place(wanted, [], view)]
    for (x, y, width), (other_x, other_y, other_width) in combinations(placed, 2):
        assert abs(x - other_x) >= (width + other_width) / 2 - 1e-6 or abs(y - other_y) >= 14 - 1e-6


@given(points)
def test_the_first_name_always_finds_its_place(point):
    view = view_around([(119.7, 31.6), (119.9, 31.8)], 0.05, 1150, 600)
    (only,) = place([Wanted("Mill", (point,), False, "red")], [point], view)
    assert only.point == point


def test_names_outside_the_view_are_left_out():
    view = view_around([(119.7, 31.6), (119.8, 31.7)], 0.05, 1150, 600)
    assert place([Wanted("far", ((120.5, 32.0),), True, "red")], [], view) == []


def test_a_road_is_written_on_its_next_segment_where_the_first_is_taken():
    view = view_around([(119.7, 31.6), (119.9, 31.8)], 0.05, 1150, 600)
    taken, free = (119.75, 31.65), (119.85, 31.75)
    (placed,) = place([Wanted("长扬路", (taken, free), True, "red")], [taken], view)
    assert placed.point == free


def test_a_name_that_would_run_over_the_edge_is_written_on_the_other_side():
    view = view_around([(119.7, 31.6), (119.9, 31.8)], 0.01, 210, 210)
    (placed,) = place([Wanted("Hengshan Logistics", ((119.9, 31.7),), False, "red")], [], view)
    assert placed.position == "middle left"
