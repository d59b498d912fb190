"""The page on replanning tells every kind of event and every key, and its example is read."""

from pathlib import Path

import pytest

from juli.solve.replan.events import _KINDS, Happenings, read_events


@pytest.mark.parametrize("kind", _KINDS)
def test_the_page_tells_each_kind_with_all_its_keys(project: Path, kind: str) -> None:
    page = (project / "docs/replanning.md").read_text(encoding="utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| `{kind}` |"))
    assert all(f"`{key}`" in row for key in _KINDS[kind].model_fields if key != "kind")


def test_the_page_tells_every_key_of_the_file(project: Path) -> None:
    page = (project / "docs/replanning.md").read_text(encoding="utf-8")
    assert all(f"| `{key}` |" in page for key in Happenings.model_fields)


def test_the_example_of_the_page_is_an_event_file(project: Path) -> None:
    events = read_events(project / "examples/events/tiny-monday.yaml")
    assert [event.kind for event in events.happenings.events] == ["machine_stop", "rush_order"]
