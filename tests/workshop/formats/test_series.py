"""Prices and powers from CSV."""

from pathlib import Path

import pytest

from juli.core.errors import InputError
from juli.workshop.formats import read_power, read_prices


def write(folder: Path, text: str) -> Path:
    file = folder / "series.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_prices_are_read_in_order(tmp_path: Path) -> None:
    assert read_prices(write(tmp_path, "slot,price\n0,0.3\n1,-0.1\n")) == [0.3, -0.1]


def test_powers_are_read_by_machine(tmp_path: Path) -> None:
    assert read_power(write(tmp_path, "machine,kw\n1,7\n0,5.5\n"), 2) == [5.5, 7.0]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("cost\n1\n", r"series.csv:1: error: the columns are cost; price is missing"),
        ("price\n1\n\nx\n", r"series.csv:4: error: price 'x' is no number"),
        ("price\nnan\n", r"series.csv:2: error: price 'nan'"),
        ("", "price is missing"),
    ],
)
def test_wrong_prices_are_named_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_prices(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("machine,kw\n0,5\n", "no power for machine 1"),
        ("machine,kw\n0,5\n2,5\n", r"series.csv:3: error: machine '2'"),
        ("machine,kw\n0,5\n0,5\n", r"series.csv:3: error: machine 0 stands here twice"),
        ("machine,kw\n0,5\n1,-5\n", r"series.csv:3: error: kw '-5'"),
        ("machine,kw\n0,5\n1\n", r"series.csv:3: error: kw ''"),
    ],
)
def test_wrong_powers_are_named_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_power(write(tmp_path, text), 2)
