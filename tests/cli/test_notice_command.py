"""``juli roads read`` from the command line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juli.cli import juli
from juli.core.errors import InputError

NOTICE = "自2024年5月1日至5月31日,人民路(学府街至书院街)全封闭施工,过往车辆请绕行建设路、解放路。"


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(juli, ["roads", "read", *map(str, arguments), "--published", "2024-04-20"])
    assert result.exit_code == 0, result.output
    return result


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "notice.txt"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def test_several_notices_give_one_json_object_a_line_in_their_order(notice: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("明天天气很好。", encoding="utf-8")
    first, second, third = map(json.loads, run(notice, other, notice, "--json").stdout.splitlines())
    assert first == third
    assert first["zones"][0]["stretch"] == {"from": "学府街", "to": "书院街"}
    assert second["zones"] == []
    assert second["unsure"]


def test_people_get_the_zone_the_words_that_it_was_read_from_and_what_is_unsure(
    notice: Path, tmp_path: Path
) -> None:
    text = run(notice).stdout
    assert "人民路 from 学府街 to 书院街: closed" in text
    assert "from 2024-05-01 00:00 to 2024-06-01 00:00" in text
    assert "detour: 建设路 → 解放路" in text
    assert "read from: 人民路(学府街至书院街)" in text
    open_end = tmp_path / "open.txt"
    open_end.write_text("即日起,人民路(学府街至书院街)全封闭施工。", encoding="utf-8")
    assert "unsure of end, for no end is given: 即日" in run(open_end).stdout


def test_a_notice_in_gb_18030_is_read_too(notice: Path) -> None:
    plain = run(notice, "--json").stdout
    notice.write_bytes(NOTICE.encode("gb18030"))
    assert run(notice, "--json").stdout == plain


def test_an_empty_or_missing_file_is_told_and_the_others_are_read(notice: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    missing = tmp_path / "missing.txt"
    files = [str(path) for path in (empty, missing, notice)]
    result = CliRunner().invoke(juli, ["roads", "read", *files, "--published", "2024-04-20", "--json"])
    objects = [json.loads(line) for line in result.stdout.splitlines()]
    assert [len(one["zones"]) for one in objects] == [0, 0, 1]
    assert isinstance(result.exception, InputError)
    problems = list(map(str, result.exception.problems))
    assert "empty.txt: error: is empty" in problems[0]
    assert "missing.txt: error: can't be read" in problems[1]


def test_roads_that_the_map_does_not_know_are_told(notice: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("人民路\n建设路\n", encoding="utf-8")
    told = json.loads(run(notice, "--roads", names, "--json").stdout)
    assert len(told["zones"]) == 1
    assert told["unsure"] == [
        {"field": "detours", "text": "解放路", "why": "the map has no road of this name"}
    ]


def test_a_map_gives_its_names(notice: Path, project: Path) -> None:
    road_map = project / "examples" / "switchgear" / "roads.geojson"
    told = json.loads(run(notice, "--map", road_map, "--json").stdout)
    assert {"field": "roads", "text": "人民路", "why": "the map has no road of this name"} in told["unsure"]
