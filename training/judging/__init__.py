"""Judging beyond colour: restoring tasks, cycles, features; imported by training.evaluate and the commands."""
