"""``juli schedule`` at the keyboard."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from juli.cli.schedule import command
from juli.core.errors import InputError

#: Two jobs of two operations on two machines; five slots are the least.
FLEXIBLE = "2 2 1\n2 1 1 3 1 2 2\n2 1 2 2 2 1 2 2 3\n"
ASSEMBLY = "3 2 2\n0 2\n1 2\n1 0 2\n2 0 2 1 3\n1 1 1\n"
CLASSIC = "2 2\n0 3 1 2\n1 2 0 4\n"


def run(folder: Path, text: str, *options: str) -> Result:
    file = folder / "shop.txt"
    file.write_text(text, encoding="utf-8")
    arguments = [str(file), "--time", "20", "--iterations", "2000", *options]
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def csv(file: Path, *lines: str) -> str:
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


@pytest.mark.parametrize(
    ("text", "makespan", "jobs"),
    [(FLEXIBLE, 5, [0, 0, 1, 1]), (ASSEMBLY, 4, [0] * 3), (CLASSIC, 7, [0, 0, 1, 1])],
)
def test_json_is_one_object_numbered_from_zero(
    tmp_path: Path, text: str, makespan: int, jobs: list[int]
) -> None:
    done = run(tmp_path, text, "--json")
    answer = json.loads(done.stdout)
    assert set(answer) == {"status", "objective", "bound", "gap", "seconds", "runs"}
    assert (answer["status"], answer["objective"], answer["bound"], answer["gap"]) == (
        "optimal",
        makespan,
        makespan,
        0,
    )
    assert [row["job"] for row in answer["runs"]] == jobs
    assert {row["machine"] for row in answer["runs"]} == {0, 1}
    assert max(row["end"] for row in answer["runs"]) == makespan
    assert set(answer["runs"][0]) == {"job", "operation", "machine", "start", "end"}


def test_energy_is_bought_where_it_is_cheap(tmp_path: Path) -> None:
    price = csv(tmp_path / "price.csv", "price", "5", "1", "1", "1", "1", "1", "5")
    power = csv(tmp_path / "power.csv", "machine,kw", "0,10", "1,10")
    options = ("--price", price, "--power", power, "--step-hours", "0.5", "--deadline", "7", "--json")
    answer = json.loads(run(tmp_path, FLEXIBLE, *options).stdout)
    # Nine slots of work at 10 kW and half an hour each, all at the low price.
    assert (answer["status"], answer["objective"]) == ("optimal", pytest.approx(45.0))


def test_a_deadline_that_nothing_can_keep_gives_no_schedule(tmp_path: Path) -> None:
    done = run(tmp_path, FLEXIBLE, "--deadline", "4", "--json")
    assert done.exit_code == 3
    answer = json.loads(done.stdout)
    assert answer["status"] == "infeasible"
    assert "by slot 4" in done.stderr
    # Job 0 takes at least 3 + 2 slots by itself; job 1 is left out.
    assert [(rule["rule"], rule["place"]) for rule in answer["contradiction"]] == [
        ("order", "job 0"),
        ("horizon", "plan"),
    ]
    assert answer["contradiction_is_smallest"]
    assert "without any one of them there is a plan" in done.stderr


def test_prices_need_powers_and_enough_rows(tmp_path: Path) -> None:
    price = csv(tmp_path / "price.csv", "price", "5", "1")
    power = csv(tmp_path / "power.csv", "machine,kw", "0,10", "1,10")
    with pytest.raises(InputError, match="--price: error: needs --power"):
        run(tmp_path, FLEXIBLE, "--price", price)
    with pytest.raises(InputError, match="holds 2 prices, and the deadline is slot 7"):
        run(tmp_path, FLEXIBLE, "--price", price, "--power", power, "--deadline", "7")


def test_a_reader_sees_makespan_and_bound(tmp_path: Path) -> None:
    text = run(tmp_path, FLEXIBLE).stdout
    for words in ("2 jobs, 4 operations, 2 machines", "makespan", "bound", "gap 0.00 %"):
        assert words in text


def test_a_schedule_is_told_in_chinese_and_its_json_in_english(tmp_path: Path) -> None:
    text = run(tmp_path, FLEXIBLE, "--lang", "zh", "--out", str(tmp_path / "one.html")).stdout
    assert "完工时间" in text
    assert "已证明最优" in text
    assert "optimal" not in text
    page = (tmp_path / "one.html").read_text(encoding="utf-8")
    assert "已证明最优" in page
    assert "optimal" not in page
    assert json.loads(run(tmp_path, FLEXIBLE, "--lang", "zh", "--json").stdout)["status"] == "optimal"


def test_a_page_shows_every_run_and_in_both_languages(tmp_path: Path) -> None:
    page = tmp_path / "pages" / "shop.html"
    run(tmp_path, FLEXIBLE, "--out", str(page.parent), "--lang", "zh")
    text = page.read_text(encoding="utf-8")
    assert (text.count("<title>") - 1, "<script" in text, "<polyline" in text) == (4, False, False)
    assert "甘特图" in text
    run(tmp_path, FLEXIBLE, "--out", str(tmp_path / "one.html"), "--lang", "en")
    assert "Gantt chart" in (tmp_path / "one.html").read_text(encoding="utf-8")


def test_a_page_shows_the_load_over_the_prices(tmp_path: Path) -> None:
    price = csv(tmp_path / "price.csv", "price", *["1", "1", "0.5", "0.5"] * 3)
    power = csv(tmp_path / "power.csv", "machine,kw", "0,10", "1,20")
    run(
        tmp_path,
        FLEXIBLE,
        "--price",
        price,
        "--power",
        power,
        "--lang",
        "en",
        "--out",
        str(tmp_path / "p.html"),
    )
    text = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert text.count("<polyline") == 2
    assert text.count("<polygon") == 1
    assert " kW</text>" in text
