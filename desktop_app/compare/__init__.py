"""The middle of the window: a photo before and after, zoomed and panned. Used by window.py and hints/; knows neither."""

from desktop_app.compare.view import CompareView
from desktop_app.compare.viewport import Viewport

__all__ = ["CompareView", "Viewport"]
