"""Bundled files and nothing else: generators, recipes, icons, samples; `engine.assets.asset` finds them."""
