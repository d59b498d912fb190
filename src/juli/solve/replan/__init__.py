"""Replanning: from a plan that people were told, and what has happened, to a plan with few changes."""

from juli.solve.replan.events import Events, read_events
from juli.solve.replan.replanning import Replanned, replan

__all__ = ["Events", "Replanned", "read_events", "replan"]
