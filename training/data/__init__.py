"""Photographs for training: where they lie (sources), how they are kept (photos), and what a step gets of them (batches)."""
