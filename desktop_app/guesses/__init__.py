"""What the generator is unsure of, and what it could have answered instead: the guess map, a place for a hint, other colourings."""
