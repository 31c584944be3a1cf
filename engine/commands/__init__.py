"""The words of `autochrome-cli`, one module each; only engine.cli imports them, and only the one that was asked for."""
