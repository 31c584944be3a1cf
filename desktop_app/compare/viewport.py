"""The arithmetic of zooming and panning: which part of a photo is seen where. Numbers only, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

MARGIN_PX = 24.0
"""Room around a photo that fits, in logical pixels."""
LARGEST_ZOOM = 16.0
_STOPS = (0.05, 0.1, 0.15, 0.25, 0.33, 0.5, 0.67, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
_SAME = 1.001
"""Two zooms nearer to each other than this factor look the same."""


@dataclass(frozen=True)
class Viewport:
    """A photo seen through a view. Photo places are 0..1 of its width and height, view places logical pixels.

    photo_width, photo_height: pixels of the photo, at least 1.
    view_width, view_height: logical pixels, at least 1. device_ratio: device pixels in a logical one.
    zoom: device pixels a photo pixel takes; 1 is "100 %". centre_x, centre_y: the photo's place in the view's middle.
    is_fit: the photo is as large as the view allows, and stays so when the view's size changes.
    """

    photo_width: int
    photo_height: int
    view_width: float
    view_height: float
    device_ratio: float = 1.0
    zoom: float = 1.0
    centre_x: float = 0.5
    centre_y: float = 0.5
    is_fit: bool = False

    # ---------------------------------------------------------------------------------------------------- where is what

    @property
    def shown_width(self) -> float:
        """Of the whole photo, in logical pixels."""
        return self.photo_width * self.zoom / self.device_ratio

    @property
    def shown_height(self) -> float:
        return self.photo_height * self.zoom / self.device_ratio

    @property
    def left(self) -> float:
        """Of the photo in the view; on a whole device pixel, so that 100 % is sharp."""
        return round((self.view_width / 2 - self.centre_x * self.shown_width) * self.device_ratio) / self.device_ratio

    @property
    def top(self) -> float:
        return round((self.view_height / 2 - self.centre_y * self.shown_height) * self.device_ratio) / self.device_ratio

    @property
    def visible(self) -> tuple[float, float, float, float]:
        """left, top, right, bottom of the part of the photo that is in the view, in logical pixels of the view."""
        return (
            max(0.0, self.left),
            max(0.0, self.top),
            min(self.view_width, self.left + self.shown_width),
            min(self.view_height, self.top + self.shown_height),
        )

    def to_view(self, x: float, y: float) -> tuple[float, float]:
        """The view's place of a photo's."""
        return self.left + x * self.shown_width, self.top + y * self.shown_height

    def to_photo(self, x: float, y: float) -> tuple[float, float]:
        """The photo's place of a view's; outside 0..1 beside the photo."""
        return (x - self.left) / self.shown_width, (y - self.top) / self.shown_height

    # ------------------------------------------------------------------------------------------------------------ limits

    @property
    def fit_zoom(self) -> float:
        """The zoom at which the whole photo is seen, never above LARGEST_ZOOM."""
        wide = (self.view_width - 2 * _margin(self.view_width)) / self.photo_width
        high = (self.view_height - 2 * _margin(self.view_height)) / self.photo_height
        return min(min(wide, high) * self.device_ratio, LARGEST_ZOOM)

    @property
    def smallest_zoom(self) -> float:
        """Half of what fits; 100 % can always be had."""
        return min(self.fit_zoom / 2, 1.0)

    # ----------------------------------------------------------------------------------------------------------- changes

    def fitted(self) -> Viewport:
        """The whole photo."""
        return replace(self, zoom=self.fit_zoom, centre_x=0.5, centre_y=0.5, is_fit=True)

    def zoomed(self, zoom: float, x: float, y: float) -> Viewport:
        """At `zoom`, within the limits; what is at (x, y) of the view stays there as far as the photo's edges allow."""
        zoom = min(max(zoom, self.smallest_zoom), LARGEST_ZOOM)
        photo_x, photo_y = self.to_photo(x, y)
        new = replace(self, zoom=zoom, is_fit=False)
        return replace(
            new,
            centre_x=photo_x + (self.view_width / 2 - x) / new.shown_width,
            centre_y=photo_y + (self.view_height / 2 - y) / new.shown_height,
        )._kept_in_sight()

    def zoomed_in(self) -> Viewport:
        """At the next larger round zoom, about the middle."""
        larger = [stop for stop in self._stops() if stop > self.zoom * _SAME]
        return self._at_stop(min(larger, default=LARGEST_ZOOM))

    def zoomed_out(self) -> Viewport:
        """At the next smaller round zoom, about the middle."""
        smaller = [stop for stop in self._stops() if stop < self.zoom / _SAME]
        return self._at_stop(max(smaller, default=self.smallest_zoom))

    def panned(self, x: float, y: float) -> Viewport:
        """With the photo moved by (x, y) logical pixels, as far as there is more to see."""
        return replace(
            self, centre_x=self.centre_x - x / self.shown_width, centre_y=self.centre_y - y / self.shown_height
        )._kept_in_sight()

    def showing(self, x: float, y: float, width: float, height: float, share: float) -> Viewport:
        """With a part of the photo in the middle, as far as the photo's edges allow, filling `share` of the view along one side and
        less along the other; never smaller than the whole photo is seen. x, y: the part's middle; all 0..1 of the photo."""
        across = share * self.view_width / (width * self.photo_width)
        down = share * self.view_height / (height * self.photo_height)
        zoom = min(across, down) * self.device_ratio
        if zoom <= self.fit_zoom:
            return self.fitted()
        new = replace(self, zoom=min(zoom, LARGEST_ZOOM), centre_x=x, centre_y=y, is_fit=False)
        return new._kept_in_sight()

    def resized(self, width: float, height: float, device_ratio: float) -> Viewport:
        """In a view of another size or on another screen: still fitting, or at the same zoom about the same middle."""
        new = replace(self, view_width=max(1.0, width), view_height=max(1.0, height), device_ratio=device_ratio)
        return new.fitted() if self.is_fit else new.zoomed(new.zoom, new.view_width / 2, new.view_height / 2)

    def with_photo(self, width: int, height: int) -> Viewport:
        """The same photo in another resolution: the same part of it is seen at the same place."""
        new = replace(self, photo_width=max(1, width), photo_height=max(1, height))
        if self.is_fit:
            return new.fitted()
        zoom = self.zoom * self.photo_width / new.photo_width
        return replace(new, zoom=min(max(zoom, new.smallest_zoom), LARGEST_ZOOM))._kept_in_sight()

    def _stops(self) -> list[float]:
        return [stop for stop in (*_STOPS, self.fit_zoom) if stop >= self.smallest_zoom]

    def _at_stop(self, zoom: float) -> Viewport:
        if math.isclose(zoom, self.fit_zoom):
            return self.fitted()
        return self.zoomed(zoom, self.view_width / 2, self.view_height / 2)

    def _kept_in_sight(self) -> Viewport:
        """Without room beside the photo that the photo could fill; a photo with room on both sides is in the middle."""
        return replace(
            self,
            centre_x=_kept(self.centre_x, self.shown_width, self.view_width),
            centre_y=_kept(self.centre_y, self.shown_height, self.view_height),
        )


def _margin(length: float) -> float:
    """Less in a view that is hardly larger than the margins."""
    return min(MARGIN_PX, length / 8)


def _kept(centre: float, shown: float, length: float) -> float:
    inner = length - 2 * _margin(length)
    if shown <= inner:
        return 0.5
    half = inner / 2 / shown
    return min(max(centre, half), 1 - half)
