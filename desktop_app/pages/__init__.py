"""Whole pages and small surfaces that say something: the empty window, the banner of an error, keys and gestures, about."""
