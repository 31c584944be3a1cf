"""Photos, tiny generators, engine processes and the window itself for the window's tests."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QApplication

from desktop_app import messages
from desktop_app.assembly import Assembly
from desktop_app.engine_process.client import EngineClient
from desktop_app.engine_process.protocol import EngineOptions
from desktop_app.settings import THEME
from tests.desktop_app.hand import Hand
from tests.onnx_files import slow, write_colorizer, write_generator

SLOW = {"colorize": "slow-colorize"}
"""Chooses the generator that takes long enough to be interrupted."""


@pytest.fixture(scope="session")
def models(tmp_path_factory) -> Path:
    """A folder with a quick colorizer, which is the default (of one version the later name), and a slow one."""
    folder = tmp_path_factory.mktemp("models")
    write_colorizer(folder)
    write_generator(folder, slow(600), "slow-colorize", kind="colorize", multiple=8, minimum=16, working_size=256)
    return folder


def write_photo(path: Path, width: int = 160, height: int = 120, seed: int = 0) -> Path:
    """A grey photo of soft shapes, as JPEG or PNG."""
    rows, columns = np.mgrid[0:height, 0:width]
    waves = 128 + 60 * np.sin(columns / 17 + seed) + 50 * np.cos(rows / 11 + seed)
    Image.fromarray(np.clip(waves, 0, 255).astype(np.uint8)).save(path)
    return path


@pytest.fixture
def options(models: Path) -> EngineOptions:
    return EngineOptions(device="cpu", threads=1, model_folders=(models,))


@pytest.fixture
def client(qtbot, options):
    made = EngineClient(options)
    yield made
    made.close()


@pytest.fixture
def hand(qtbot, tmp_path, options, monkeypatch):
    """The real window with its real engine process; whoever opens a question fails."""
    monkeypatch.setattr(messages, "ask", lambda parent, question: pytest.fail(f"asked: {question.text}"))
    assembly = Assembly(QApplication.instance(), tmp_path / "settings.ini", options)
    assembly.settings.remember(THEME, "dark")
    assembly.show()
    yield Hand(qtbot, assembly)
    assembly.close()
    assembly.window.close()
    assembly.window.deleteLater()
    assembly.deleteLater()
    QApplication.processEvents()
