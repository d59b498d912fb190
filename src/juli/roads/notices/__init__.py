"""Public notices of road works, read into work zones; what is not clear is told, never guessed."""

from juli.roads.notices.reader import read_notice
from juli.roads.notices.reading import Evidence, Reading, Unsure, Zone

__all__ = ["Evidence", "Reading", "Unsure", "Zone", "read_notice"]
