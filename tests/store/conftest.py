"""A plan to keep, and the databases to keep it in."""

import getpass
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest


def _server_programs() -> Path | None:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return homes[-1].parent if homes else Path(on_path).parent if on_path else None


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a PostgreSQL server of the tests' own, on a socket in a temporary folder."""
    pytest.importorskip("psycopg", reason="the postgres extra is not installed")
    programs = _server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed")
    folder = tmp_path_factory.mktemp("postgres")
    as_user: list[str] = []
    if getpass.getuser() == "root":  # the server refuses to run as root
        if shutil.which("runuser") is None:
            pytest.skip("PostgreSQL can't be started as root here")
        as_user = ["runuser", "-u", "postgres", "--"]
        shutil.chown(folder, "postgres")
        for parent in folder.parents:
            if parent.stat().st_uid == 0 and str(parent).startswith("/tmp/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    data = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    run(str(programs / "initdb"), "-D", str(data), "-U", "juli", "--auth=trust")
    options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off"
    run(str(programs / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start")
    try:
        run(str(programs / "createdb"), "-h", str(folder), "-U", "juli", "plans")
        yield f"postgresql+psycopg://juli@/plans?host={folder}"
    finally:
        run(str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop")
