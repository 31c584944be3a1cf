"""The command `autochrome`: reads its words, then opens the window (or proves that the app works and leaves).

Qt is imported inside the functions: the engine process starts by importing this module again and must not load it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """The console script. Returns the exit code."""
    from multiprocessing import freeze_support

    freeze_support()  # first of all: in the frozen app the engine process starts with this very command
    words = _parser().parse_args(arguments)
    if words.smoke_test:
        from desktop_app.smoke_test import smoke_test

        _do_without_display()
        return smoke_test(words.models)
    return _open_window(words)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="autochrome", description="Restore and colour old photographs on your own computer."
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="PHOTO", help="photos and folders to open")
    parser.add_argument(
        "--models",
        type=Path,
        action="append",
        metavar="FOLDER",
        help="another folder of generators (may be repeated)",
    )
    parser.add_argument(
        "--smoke-test",
        action="store_true",
        help="restore the bundled sample, say how it went, and end",
    )
    return parser


def _do_without_display() -> None:
    """Where there is no screen, Qt draws into memory."""
    if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def _open_window(words: argparse.Namespace) -> int:
    from PySide6.QtWidgets import QApplication

    from desktop_app import crash
    from desktop_app.assembly import Assembly, options_of, settings_file
    from desktop_app.theme.icons import app_icon

    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Qt's loop never comes back to Python's own handler
    app = QApplication([sys.argv[0]])
    app.setApplicationName("Autochrome")
    app.setApplicationDisplayName("Autochrome")
    app.setDesktopFileName("autochrome")
    app.setWindowIcon(app_icon())
    reporter = crash.CrashReporter(app)
    log_file = crash.log_file()
    reporter.install(log_file)
    assembly = Assembly(app, settings_file(), options_of(words.models, log_file))
    reporter.crashed.connect(assembly.show_crash)
    app.aboutToQuit.connect(assembly.close)
    assembly.show()
    assembly.warm_up()
    assembly.open([path.absolute() for path in words.paths])
    return app.exec()
