"""One generator that says how sure it is and knows several colourings, and the real window with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desktop_app.conftest import write_photo
from tests.desktop_app.guesses.generators import write_styled


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder with nothing else, so that it is the default."""
    folder = tmp_path_factory.mktemp("styled")
    write_styled(folder)
    return folder


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return write_photo(tmp_path / "photo.jpg")
