"""What ``--out`` leaves in a folder."""

import pytest

from juli.plan.document import read_plan
from juli.report.files import write_report


def test_three_files_appear_and_nothing_else(case, tmp_path):
    folder = tmp_path / "new" / "plan"
    paths = write_report(folder, case.plant, case.demand, case.plan, case.violations, "en")
    assert sorted(path.name for path in folder.iterdir()) == ["plan.json", "plan.xlsx", "report.html"]
    assert paths["plan"] == folder / "plan.json"
    assert read_plan(paths["plan"]).runs == case.plan.runs


def test_an_old_report_stands_when_the_new_one_fails(case, tmp_path, monkeypatch):
    paths = write_report(tmp_path, case.plant, case.demand, case.plan, [], "en")
    before = paths["report"].read_bytes()
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_report(tmp_path, case.plant, case.demand, case.plan, [], "zh")
    assert paths["report"].read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["plan.json", "plan.xlsx", "report.html"]


def test_without_the_extra_the_error_says_what_to_install(case, tmp_path):
    import subprocess
    import sys

    program = (
        "import sys; sys.modules['plotly'] = None\n"
        "from juli.core.errors import MissingExtraError\n"
        "try:\n    import juli.report.page\n"
        "except MissingExtraError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'juli[report]'" in done.stdout
