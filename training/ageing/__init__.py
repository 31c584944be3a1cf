"""What time does to photographs: pure functions that age a picture, the recipe that composes them, the frozen version that judges.

Lives here: one file a subject (light, optics, paper, creases, tears, emulsion, scratches, stains), what they share (noise,
strokes, damage), the user's own textures (textures), and what puts them together (kinds, recipe, judging). numpy and Pillow only.

A picture is float32 (H, W, 3) or (H, W, 1), sRGB 0..1, never changed in place. Sizes are in `unit_px`: pixels per 1/256 of the
short side of the whole print, with floors in whole pixels, so that a scratch is as wide on the print at 256 px as at 1,000 px.
"""
