"""Single faces of a photo treated otherwise than the rest: found by the engine, shown as crops, each with its own word."""
