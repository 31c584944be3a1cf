"""The things that can be done to a photo, one module each; `STEPS` lists them in the order in which they make sense.

Pipeline, recipes, the command line and the window read this table; nothing else imports the modules by name.
"""

from __future__ import annotations

from engine.steps.age import AGE
from engine.steps.clean import CLEAN
from engine.steps.colorize import COLORIZE
from engine.steps.repair import REPAIR
from engine.steps.step import Step
from engine.steps.tone import TONE
from engine.steps.upscale import UPSCALE

STEPS: dict[str, Step] = {step.name: step for step in (REPAIR, CLEAN, TONE, COLORIZE, UPSCALE, AGE)}
