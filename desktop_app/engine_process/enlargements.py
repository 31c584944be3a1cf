"""Which enlargements a preview shows: those of small photos, whole; of others the restored photo alone shows what came of them.

A large photo's preview is smaller than the photo, so nothing of an enlargement could be seen in it, and a photo of a few megapixels
would keep a processor busy for minutes before anything is shown.
"""

from __future__ import annotations

from engine.photo import Photo
from engine.recipe import Recipe
from engine.steps import STEPS

LARGEST_PIXELS = 500_000
"""Of a photo whose enlargement is shown: by four it is a picture of 8 megapixels, and takes seconds."""
LEFT_OUT = "“{title}” is not shown in the preview of a photo of this size; the restored photo will be larger."


def shown_of(recipe: Recipe, preview: Photo, largest_side_px: int, is_draft: bool) -> tuple[Recipe, tuple[str, ...]]:
    """`recipe` as the preview of a photo shows it, and lines for the reader about what is left out.

    largest_side_px: of previews; one that is so large may be less than its photo. is_draft: for a hand that moves, which no
    enlargement could follow; nothing is said of it.
    """
    enlarging = [entry.step for entry in recipe.enabled if entry.scale > 1]
    is_small = preview.height * preview.width <= LARGEST_PIXELS and max(preview.height, preview.width) < largest_side_px
    if not enlarging or (is_small and not is_draft):
        return recipe, ()
    for step in enlarging:
        recipe = recipe.with_enabled(step, False)
    return recipe, () if is_small else tuple(LEFT_OUT.format(title=STEPS[step].title) for step in enlarging)
