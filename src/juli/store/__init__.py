"""Plans kept in a database and found again: SQLite by itself, PostgreSQL by URL, the same code."""

from juli.store.archive import PlanArchive, PlanRecord, default_url
from juli.store.fingerprint import fingerprint

__all__ = ["PlanArchive", "PlanRecord", "default_url", "fingerprint"]
