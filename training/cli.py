"""autochrome-train: the words of the training command line.

    autochrome-train data check|shard|pack|frames|preview ...
    autochrome-train train CONFIG.toml --train PHOTOS... [--grey PHOTOS...] [--validation PHOTOS] [--minutes N]
                           [--resume | --from WEIGHTS]
    autochrome-train export RUN --into FOLDER [--version N] [--trained-on "..."] [--validation PHOTOS]
    autochrome-train install RUN|GENERATOR...
    autochrome-train evaluate GENERATOR PHOTOS [--task ...] [--cycle FADE] [--features FILE] [--table] [--sheet FILE]
    autochrome-train compare RUN RUN... [--sheet FILE.png] [--curves FILE.png]

PHOTOS is a folder of photos, tar shards or packs, one of these, or a list of them (.txt: a path and a weight a line).
"""

from __future__ import annotations

import argparse
import sys

from training.commands import compare, data, evaluate, export, install, train

COMMANDS = (data, train, export, install, evaluate, compare)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it is done, 1 when it failed, 2 for unusable arguments."""
    options = _parser().parse_args(arguments)
    from engine.errors import EngineError
    from training.checkpoint import CheckpointError
    from training.config import ConfigError
    from training.loop import RunStopped
    from training.onnx_weights import WeightsError
    from training.parity import ParityError

    try:
        return options.command(options)
    except KeyboardInterrupt:
        print("Stopped; the last checkpoint is whole.", file=sys.stderr)
        return 130
    except ConfigError as error:
        print(f"autochrome-train: {error}", file=sys.stderr)
        return 2
    except (CheckpointError, WeightsError, ParityError, RunStopped, EngineError) as error:
        print(f"autochrome-train: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "autochrome-train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
