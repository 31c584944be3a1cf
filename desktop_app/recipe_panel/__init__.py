"""The panel at the right: a card for each step of the recipe, built from the steps' declared settings."""
