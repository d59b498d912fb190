"""The commands as their users type them, in a process of their own."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def juli(project: Path, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command of this tree, not of what is installed; plans are kept in a store of the test's own."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "juli", *map(str, arguments)],
            cwd=project,
            capture_output=True,
            text=True,
            check=False,
            env={
                "HOME": str(tmp_path),
                "JULI_STORE": f"sqlite:///{tmp_path / 'plans.sqlite'}",
                "PATH": "/usr/bin:/bin",
                "PYTHONPATH": str(project / "src"),
            },
        )

    return run
