"""Tariffs by name, from files, and inside other files; what is wrong is told with its place."""

from pathlib import Path

import pytest

from juli.core.errors import InputError
from juli.plant.tariffs import Tariff, load_tariff, tariff_names


def written(folder: Path, text: str, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", tariff_names())
def test_each_of_julis_tariffs_loads_says_its_name_and_how_well_it_is_known(name: str) -> None:
    tariff = load_tariff(name)
    assert tariff.name == name
    assert tariff.title
    assert "levels" in tariff.known
    assert Tariff.model_validate(tariff.model_dump(mode="json")) == tariff


def test_an_unknown_name_is_refused_with_the_nearest_and_all_others() -> None:
    with pytest.raises(InputError, match=r"did you mean jiangsu-2025-06-two-part-1-10kv\?.*flat, jiangsu"):
        load_tariff("jiangsu-2025-06-two-part-1-10kV-")


def test_a_factorys_own_file_needs_no_more_than_periods_and_hours(tmp_path: Path, grid_from) -> None:
    path = written(
        tmp_path,
        "currency: EUR\ntime_zone: Europe/Berlin\n"
        "periods: {day: 0.30, night: 0.20}\n"
        "schedule:\n  always: {period: night}\n  day: {hours: 06:00-22:00, period: day}\n",
    )
    tariff = load_tariff(path)
    assert (tariff.name, tariff.currency) == ("mine", "EUR")
    prices = tariff.prices(grid_from("2025-07-16T05:00", 2, minutes=60, zone="Europe/Berlin"))
    assert prices.buy.tolist() == [0.20, 0.30]
    assert prices.period.tolist() == ["night", "day"]


def test_a_file_may_start_from_another_tariff_and_change_it_key_by_key(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "use: jiangsu-2025-06-two-part-1-10kv\n"
        "components: {purchase: 0.41}\nsell: 0.391\nvalid_from: null\n"
        "schedule: {summer_sharp: null}\n",
    )
    base, mine = load_tariff("jiangsu-2025-06-two-part-1-10kv"), load_tariff(path)
    assert mine.components == {**base.components, "purchase": 0.41}
    assert mine.sell.price == 0.391
    assert mine.valid_from is None
    assert set(base.schedule) - set(mine.schedule) == {"summer_sharp"}
    assert mine.two_part == base.two_part


def test_a_file_finds_the_one_that_it_starts_from_beside_itself(tmp_path: Path) -> None:
    written(tmp_path, "components: {energy: 0.5}\n", "base.yaml")
    written(tmp_path, "use: base.yaml\nsell: 0.1\n")
    assert load_tariff("mine.yaml", folder=tmp_path).components == {"energy": 0.5}


def test_spot_prices_come_from_a_csv_beside_the_file(tmp_path: Path, grid_from) -> None:
    written(tmp_path, "time,price\n2025-07-16T00:00,0.3\n2025-07-16T01:00,-0.1\n", "spot.csv")
    path = written(
        tmp_path,
        "components: {purchase: 0, network: 0.2}\nspot: {component: purchase, file: spot.csv}\n",
    )
    assert load_tariff(path).prices(grid_from("2025-07-16", 2, minutes=60)).buy == pytest.approx([0.5, 0.1])


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("components: {energy: 0.5}\nperods: {}\n", ":2", "perods: Extra inputs"),
        ("\ncomponents: {energy: cheap}\n", ":2", "components.energy"),
        (
            "schedule:\n  always: {period: flat}\n  day: {period: peak, hours: 8-12}\n",
            ":3",
            "'8-12' is no stretch",
        ),
        ("schedule:\n  day:\n    period: flat\n    months: [13]\n", ":4", "no month 13"),
        ("schedule:\n  day: {period: peak}\n", ":1", "names the period 'peak'; the tariff has flat"),
        ("floating: [purchase]\n", ":1", "floating names the component 'purchase'"),
        ("time_zone: Asia/Nowhere\n", ":1", "'Asia/Nowhere' is no time zone"),
        ("schedule:\n  d: {period: flat, days: holidays}\n", ":1", "speaks of holidays"),
        ("periods: {flat: {of: peak}, peak: {of: flat}}\n", ":1", "in a circle"),
        ("valid_from: 2025-06-01\nvalid_to: 2025-05-01\n", ":1", "is after valid_to"),
        ("monthly: {July: {energy: 1}}\n", ":1", "'July' is no month"),
        ("power_factor: {standard: 0.92}\n", ":1", "0.90, 0.85 or 0.80"),
        ("tiers:\n  ladder: {steps: [{above_kwh: 5, add: 1}, {above_kwh: 5, add: 2}]}\n", ":2", "must rise"),
        ("components: [\n", ":", "is not YAML"),
        ("- 1\n", "mine.yaml", "holds no keys"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_line(
    tmp_path: Path, text: str, place: str, said: str
) -> None:
    with pytest.raises(InputError) as caught:
        load_tariff(written(tmp_path, text))
    told = str(caught.value)
    assert f"mine.yaml{place}" in told or told.startswith(place)
    assert said in told


def test_a_missing_file_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.yaml: .*can't be read"):
        load_tariff(tmp_path / "absent.yaml")


def test_a_tariff_that_starts_from_itself_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "use: b.yaml\n", "a.yaml")
    written(tmp_path, "use: a.yaml\n", "b.yaml")
    with pytest.raises(InputError, match=r"a\.yaml: error: starts from itself"):
        load_tariff("a.yaml", folder=tmp_path)


def test_a_stray_file_does_not_hide_a_tariff_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "not a tariff", "flat")
    monkeypatch.chdir(tmp_path)
    assert load_tariff("flat").components == {"energy": 0.65}


def test_a_tariff_written_in_another_file_needs_no_name() -> None:
    assert load_tariff({"components": {"energy": 0.5}}).name == "own"
    changed = load_tariff({"use": "flat", "sell": 0.1})
    assert (changed.name, changed.sell.price) == ("flat", 0.1)
    with pytest.raises(InputError, match=r"the tariff: error: components\.energy"):
        load_tariff({"components": {"energy": "cheap"}})
