"""Training: photographs in, a generator and its card out; imports torch and engine, and nobody imports it."""
