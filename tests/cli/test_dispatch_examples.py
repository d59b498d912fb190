"""The dispatch examples and the commands of their pages run; what is generated is what the code says."""

import json
import re
import runpy
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from juli.cli import juli
from juli.power.dispatch_file import DispatchFile


def commands(page: Path) -> list[str]:
    """The commands of a page's tested block."""
    block = page.read_text(encoding="utf-8").split("<!-- tested -->")[1].split("\n\n")[1]
    return [line.strip() for line in block.splitlines()]


@pytest.mark.parametrize("page", ["battery.md", pytest.param("services.md", marks=pytest.mark.slow)])
def test_the_page_s_commands_run(project, tmp_path, monkeypatch, page):
    (tmp_path / "examples").symlink_to(project / "examples")
    monkeypatch.chdir(tmp_path)
    lines = commands(project / "docs" / page)
    assert lines
    for line in lines:
        name, *arguments = shlex.split(line)
        assert name == "juli"
        done = CliRunner().invoke(juli, arguments, catch_exceptions=False)
        assert done.exit_code == 0, line
        if "--out" in arguments:
            assert (tmp_path / "out" / "dispatch" / "dispatch.html").is_file()
        if "--json" in arguments:
            answer = json.loads(done.stdout)
            assert 0 < answer["rolling"]["regret"] < 0.1 * answer["rolling"]["cost_without"]


def test_the_example_with_services_is_read(project):
    asked = DispatchFile(project / "examples" / "dispatch" / "services.yaml")
    assert asked.services.calls[0].last_slot - asked.services.calls[0].first_slot == 7
    assert 0.9 < asked.services.regulation.score < 1


def test_the_example_s_series_are_what_its_script_writes(project):
    script = runpy.run_path(str(project / "examples" / "make_dispatch.py"))
    written = (project / "examples" / "dispatch" / "site.csv").read_text(encoding="utf-8")
    assert written == "\n".join(script["rows"]()) + "\n"


def test_the_tables_of_parameters_are_the_code_s(project):
    script = runpy.run_path(str(project / "docs" / "make_battery.py"))
    text = (project / "docs" / "battery.md").read_text(encoding="utf-8")
    assert script["generated"](text) == text, "run docs/make_battery.py"
    assert "`pressure_limit_bar` | 83 | bar | V |" in text


def test_every_key_of_the_page_s_examples_is_one_that_the_file_takes(project, tmp_path):
    """The battery block and the tariff block of docs/battery.md, put together, are read."""
    text = (project / "docs" / "battery.md").read_text(encoding="utf-8")
    blocks = [
        re.sub(r"^    ", "", block, flags=re.M) for block in re.findall(r"(?:^    .*\n)+", text, flags=re.M)
    ]
    battery = next(block for block in blocks if block.startswith("battery:"))
    tariff = next(block for block in blocks if block.startswith("tariff:"))
    economics = next(block for block in blocks if block.startswith("economics:"))
    tariff = re.sub(r"^start:.*\n", "", tariff, flags=re.M)
    (tmp_path / "site.csv").symlink_to(project / "examples" / "dispatch" / "site.csv")
    (tmp_path / "site.yaml").write_text(f"series: site.csv\n{battery}{tariff}{economics}", encoding="utf-8")
    asked = DispatchFile(tmp_path / "site.yaml")
    assert asked.physical.chemistry.pressure_limit_bar == 80
    assert asked.outlook.investment.cost_money == pytest.approx(900 * 2000 + 300 * 500)
