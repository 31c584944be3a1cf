"""Photographs for training: where they lie (sources), how they are kept (photos, pack, shards), what a step gets of them (drawing,
batches, unpaired), and what is done to a set beforehand (check, frames)."""
