"""What every test may ask for."""

from pathlib import Path

import pytest
from hypothesis import settings

# Tests gate counts, never seconds: no example has a deadline.
settings.register_profile("juli", deadline=None)
settings.load_profile("juli")

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's root folder."""
    return PROJECT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Other people's data, kept beside the project; where it is absent, the test says so and is skipped."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the public data sets are not beside the project ({folder.name} folder absent)")
    return folder
