"""``juli cut`` at the keyboard."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juli.cli.cut import command
from juli.core.errors import InputError

SOUND = """\
kerf_mm: 3
stock:
  - {id: A, length_mm: 6000, quantity: unlimited}
pieces:
  - {id: leg, length_mm: 1990, quantity: 6}
"""


def run(folder: Path, text: str, *options: str) -> Result:
    file = folder / "bars.yaml"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(command, [str(file), "--time", "2", *options], catch_exceptions=False)


def problems_of(folder: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as caught:
        run(folder, text)
    return str(caught.value).splitlines()


def test_json_is_one_object_with_objective_bound_and_bars(tmp_path: Path) -> None:
    answer = json.loads(run(tmp_path, SOUND, "--json").stdout)
    assert answer["status"] == "optimal"
    assert answer["objective"] == answer["bound"] == 12_000
    assert answer["gap"] == 0
    assert answer["waste_mm"] == 12_000 - 6 * 1990
    assert [bar["pieces"] for bar in answer["bars"]] == [["leg"] * 3] * 2


def test_a_folder_gets_a_page_with_every_bar_and_the_same_plan_as_json(tmp_path: Path) -> None:
    done = run(tmp_path, SOUND, "--out", str(tmp_path / "out"), "--lang", "zh")
    assert done.exit_code == 0
    page = (tmp_path / "out" / "cutting.html").read_text(encoding="utf-8")
    assert page.count("<rect") == 2 * (1 + 3)
    assert "下料计划" in page
    assert json.loads((tmp_path / "out" / "cutting.json").read_text(encoding="utf-8"))["bars_taken"] == 2


def test_the_table_tells_bars_scrap_and_bound(tmp_path: Path) -> None:
    said = run(tmp_path, SOUND).stdout
    assert "2, 12.000 m" in said
    assert "3× leg" in said


def test_bars_that_do_not_suffice_end_with_status_3(tmp_path: Path) -> None:
    done = run(tmp_path, SOUND.replace("unlimited", "1"), "--json")
    assert done.exit_code == 3
    assert json.loads(done.stdout)["status"] == "infeasible"
    assert "can't hold the pieces" in done.stderr


def test_every_problem_is_told_at_once_with_its_line_and_its_mend(tmp_path: Path) -> None:
    faulty = (
        SOUND.replace("kerf_mm: 3", "kerf: 3").replace("6000", "long").replace("quantity: 6", "quantity: 1.5")
    )
    told = problems_of(tmp_path, faulty)
    assert [line.split(" ")[0] for line in told] == ["bars.yaml:1:", "bars.yaml:3:", "bars.yaml:5:"]
    assert "write 'kerf_mm'" in told[0]
    assert "stock.A.length_mm" in told[1]
    assert "no whole number" in told[2]


def test_a_piece_longer_than_any_bar_is_named_before_solving(tmp_path: Path) -> None:
    told = problems_of(tmp_path, SOUND.replace("1990", "6001"))
    assert told == [
        "bars.yaml:5: error: leg is 6001 mm long, but at most 6000 mm of a bar can be used "
        "-> add a longer bar, or correct the length"
    ]


def test_bars_from_a_table_keep_their_lines(tmp_path: Path) -> None:
    (tmp_path / "stock.csv").write_text(
        "bar,length_mm,quantity\nA,6000,2\nB,minus,1\nA,5000,1\n", encoding="utf-8"
    )
    text = "stock: stock.csv\npieces:\n  - {id: leg, length_mm: 1000}\n"
    assert [line.split(" ")[0] for line in problems_of(tmp_path, text)] == ["stock.csv:3:"]
    (tmp_path / "stock.csv").write_text("bar,length_mm,quantity\nA,6000,2\nB,5500,1\n", encoding="utf-8")
    assert run(tmp_path, text).exit_code == 0


def test_the_example_is_cut_in_time(project: Path) -> None:
    file = project / "examples" / "cutting" / "bars.yaml"
    done = CliRunner().invoke(command, [str(file), "--time", "3", "--json"], catch_exceptions=False)
    answer = json.loads(done.stdout)
    assert answer["late_pieces"] == 0
    assert answer["gap"] < 0.01
