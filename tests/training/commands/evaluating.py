"""`autochrome-train evaluate` called in the test's own process."""

from __future__ import annotations

import argparse

from training.commands import evaluate


def run(*words: object) -> int:
    parser = argparse.ArgumentParser()
    evaluate.add(parser.add_subparsers())
    options = parser.parse_args(["evaluate", *map(str, words)])
    return int(options.command(options))
