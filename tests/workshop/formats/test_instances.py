"""Instance files: three families, told apart by content; damage is named with its line."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from juli.core.errors import InputError
from juli.workshop.formats import Format, Instance, instance_text, read_instance, shop_of
from juli.workshop.problem import Mode, Wait

FJSP = "2 3 1.5\n2 1 1 3 2 2 2 3 4\n1 1 3 5\n"
JSP = "2 2\n0 3 1 2\n1 2 0 4\n"
FAJSP = "3 2 2\n0 2\n1 2\n1 0 2\n2 0 2 1 3\n1 1 1\n"


def read(folder: Path, text: str, family: Format | None = None) -> Instance:
    file = folder / "shop.txt"
    file.write_text(text, encoding="utf-8")
    return read_instance(file, family)


def test_flexible_shops_count_machines_from_one(tmp_path: Path) -> None:
    instance = read(tmp_path, FJSP)
    assert instance.format is Format.FJSP
    assert instance.machines == 3
    assert instance.operations == (
        (0, 0, (Mode(0, 3),)),
        (0, 1, (Mode(1, 2), Mode(2, 4))),
        (1, 0, (Mode(2, 5),)),
    )
    assert instance.arcs == (Wait(0, 1),)


def test_flexible_shops_with_a_machine_zero_count_from_zero(tmp_path: Path) -> None:
    assert read(tmp_path, "1 2\n2 1 0 3 1 1 2\n").operations[0][2] == (Mode(0, 3),)


def test_classic_shops_have_one_machine_for_each_operation(tmp_path: Path) -> None:
    instance = read(tmp_path, "# two jobs\n" + JSP)
    assert instance.format is Format.JSP
    assert [(job, number, modes[0]) for job, number, modes in instance.operations] == [
        (0, 0, Mode(0, 3)),
        (0, 1, Mode(1, 2)),
        (1, 0, Mode(1, 2)),
        (1, 1, Mode(0, 4)),
    ]


def test_assemblies_have_arcs_and_one_job(tmp_path: Path) -> None:
    instance = read(tmp_path, FAJSP)
    assert instance.format is Format.FAJSP
    assert instance.arcs == (Wait(0, 2), Wait(1, 2))
    assert [(job, number) for job, number, _ in instance.operations] == [(0, 0), (0, 1), (0, 2)]
    assert len(shop_of(instance).jobs) == 1


def test_what_no_arc_connects_is_a_job_of_its_own(tmp_path: Path) -> None:
    shop = shop_of(read(tmp_path, "3 1 1\n0 2\n1 0 2\n1 0 2\n1 0 2\n"))
    assert [operation.job for operation in shop.operations] == [0, 1, 0]


def test_the_horizon_holds_a_schedule_and_zero_durations_are_kept(tmp_path: Path) -> None:
    shop = shop_of(read(tmp_path, "2 1 1\n2 1 1 0 1 1 3\n1 1 1 4\n"))
    assert shop.slots == 7
    assert shop.operations[0].modes == (Mode(0, 0),)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("2 3 1\n2 1 1 3 2 2 2 3 4\n", "shop.txt:2", "1 lines of numbers follow the first, where 2 belong"),
        ("1 3 1\n2 1 1 3 2 2 2 3\n", "shop.txt:2", "names 2 machines, and 3 numbers are left"),
        ("1 3 1\n1 1 1 3 9\n", "shop.txt:2", "1 numbers are left after 1 operations"),
        ("1 3 1\n1 1 4 3\n", "shop.txt:2", "names machine 4, and there are 3"),
        ("1 3 1\n1 1 2 -3\n", "shop.txt:2", "takes -3"),
        ("1 3 1\n1 1 2 x\n", "shop.txt:2", "'x' is no number"),
        ("1 3 1\n1 1 2 2.5\n", "shop.txt:2", "fraction"),
        ("0 3 1\n", "shop.txt:1", "says '0 3 1'"),
        ("# nothing\n\n", "shop.txt", "holds no numbers"),
        ("2 2\n0 3 1 2\n1 2 0\n", "shop.txt:3", "3 numbers"),
        ("2 2\n0 3 1 2\n1 2 7 4\n", "shop.txt:3", "names machine 7, and there are 2"),
        ("3 2 2\n0 2\n1 5\n1 0 2\n2 0 2 1 3\n1 1 1\n", "shop.txt:3", "'1 5' is no arc"),
    ],
)
def test_damage_is_named_with_its_line(tmp_path: Path, text: str, place: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert caught.value.problems[0].place.endswith(place)
    assert message in str(caught.value)


def test_a_named_family_is_held_to(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="where 5 belong"):
        read(tmp_path, "3 2 2\n0 2\n", Format.FAJSP)


def test_what_is_missing_or_no_text_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        read_instance(tmp_path / "nothing.fjs")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\xff\xfe")
    with pytest.raises(InputError, match="no text file"):
        read_instance(tmp_path / "picture.png")


def test_a_circle_of_arcs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="circle"):
        shop_of(read(tmp_path, "2 2 1\n0 1\n1 0\n1 0 2\n1 0 2\n"))


@given(st.integers(0, 2**32 - 1), st.sampled_from(list(Format)))
def test_a_file_read_and_written_again_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, seed: int, family: Format
) -> None:
    rng = np.random.default_rng(seed)
    machines = int(rng.integers(1, 5))
    count = int(rng.integers(1, 9))
    jobs = (
        sorted(int(rng.integers(0, 3)) for _ in range(count)) if family is not Format.FAJSP else [0] * count
    )
    jobs = [sorted(set(jobs)).index(job) for job in jobs]
    modes = [
        tuple(
            Mode(int(machine), int(rng.integers(0, 99)))
            for machine in rng.choice(
                machines, 1 if family is Format.JSP else int(rng.integers(1, machines + 1)), replace=False
            )
        )
        for _ in range(count)
    ]
    numbers = [number - jobs.index(job) for number, job in enumerate(jobs)]
    arcs = [Wait(a, a + 1) for a in range(count - 1) if jobs[a] == jobs[a + 1]]
    if family is Format.FAJSP:
        arcs = [Wait(a, b) for a in range(count) for b in range(a + 1, count) if rng.random() < 0.3]
    text = instance_text(
        Instance("shop", family, machines, tuple(zip(jobs, numbers, modes, strict=True)), tuple(arcs))
    )
    read_back = read(tmp_path_factory.mktemp("written"), text, family)
    assert read_back.machines == machines
    assert read_back.arcs == tuple(arcs)
    assert instance_text(read_back) == text
    if family is Format.FAJSP or any(mode.machine == machines - 1 for row in modes for mode in row):
        assert [row for _, _, row in read_back.operations] == modes
