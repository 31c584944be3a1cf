"""What a colouring is called, wherever one is named."""

from __future__ import annotations


def colouring_name(number: int) -> str:
    """Of a value of `colorize.candidate`: the same number that the command line takes."""
    return f"Colouring {number}" if number else "Likeliest"
