"""The ways round of a notice, in the ways in which people write them."""

from datetime import date

import pytest

from juli.roads.notices import read_notice


@pytest.mark.parametrize(
    ("words", "chains"),
    [
        ("过往车辆请由建设路、和平路及青年路绕行。", [["建设路", "和平路", "青年路"]]),
        ("车辆可经建设路→和平路→青年路绕行。", [["建设路", "和平路", "青年路"]]),
        ("请绕行建设路转和平路。", [["建设路", "和平路"]]),
        ("车辆可从建设路至和平路再至青年路绕行。", [["建设路", "和平路", "青年路"]]),
        ("车辆可右转至建设路绕行和平路。", [["建设路", "和平路"]]),
        ("请选择建设路或和平路通行。", [["建设路"], ["和平路"]]),
        ("建议绕行建设路、和平路等周边道路。", [["建设路", "和平路"]]),
        ("东西向车辆绕行建设路;南北向车辆绕行和平路。", [["建设路"], ["和平路"]]),
        ("绕行路线一:建设路—和平路;绕行路线二:青年路—光明路。", [["建设路", "和平路"], ["青年路", "光明路"]]),
        ("机动车绕行建设路,非机动车绕行和平路。", [["建设路"]]),
        ("需前往文化路的车辆请绕行人民街。", [["人民街"]]),
        ("其他车辆请走建设路、和平路。", [["建设路", "和平路"]]),
        ("可绕行周边道路。", []),
        ("请绕行其他道路,建设路通行正常。", []),
    ],
)
def test_a_way_round_is_read_as_a_chain_of_roads(words: str, chains: list[list[str]]) -> None:
    text = f"6月1日至6月10日,人民路(文化街至学府街)全封闭施工,{words}"
    (zone,) = read_notice(text, date(2024, 5, 25)).zones
    assert [list(chain) for chain in zone.detours] == chains
