"""Another engine finds the same shortest ways, where its programs are installed."""

import pytest
from benchmarks._valhalla import programs, serving

from benchmarks import roads_valhalla
from juli.roads.osm import read_osm

MISSING = roads_valhalla.missing()


@pytest.mark.skipif(MISSING is not None, reason=MISSING or "")
@pytest.mark.parametrize("restrictions", [0, 1500])
def test_valhalla_finds_the_same_shortest_ways_for_a_truck(tmp_path, restrictions):
    extract = tmp_path / "town.osm.pbf"
    roads_valhalla.stated_plainly(roads_valhalla.CITY, extract, restrictions)
    network = read_osm(extract)
    with serving(extract, tmp_path, programs()) as peer:
        outcomes, _, _ = roads_valhalla.compare(network, peer, pairs=500, seed=11)
    assert not {kind for kind in roads_valhalla.DISAGREE if outcomes[kind]}
    assert outcomes[roads_valhalla.Outcome.SAME] > 430
