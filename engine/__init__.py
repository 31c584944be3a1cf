"""The engine: reads, restores and writes photos. Never imports Qt, torch, desktop_app or training; everybody may import it."""
