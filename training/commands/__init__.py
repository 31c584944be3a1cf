"""The words of `autochrome-train`, one module each with `add(commands)` and `run(options)`; only training.cli imports them."""
