"""The picture page of road works: what is closed, the detour, and the plant's drives before and after."""

from juli.report.works.page import WorksZone, works_page

__all__ = ["WorksZone", "works_page"]
