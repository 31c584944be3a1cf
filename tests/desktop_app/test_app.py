"""The command: its words, and the proof for installed and frozen apps that it can restore a photo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def autochrome(*words: str) -> subprocess.CompletedProcess:
    environment = {
        key: value for key, value in os.environ.items() if key not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "desktop_app", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.gui
def test_the_smoke_test_restores_the_sample_without_a_display(models):
    """In a fresh process, as a frozen app is started: engine process and all."""
    done = autochrome("--smoke-test", "--models", str(models))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("smoke test passed:")


def test_unknown_words_are_refused():
    assert autochrome("--no-such-word").returncode == 2


def test_the_command_is_known_without_loading_qt():
    """The engine process imports the command's module again; it must stay light."""
    loaded = "[name for name in sys.modules if name.startswith('PySide6')]"
    code = f"import sys, desktop_app.app, desktop_app.engine_process.worker; print({loaded})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr
