"""The curve of lightness on the card of the step `tone`: shown, and drawn by hand. Used by recipe_panel/; uses theme/."""
