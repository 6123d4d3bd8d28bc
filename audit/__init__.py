"""Who did what, when and why: kept by the database itself."""

from audit.context import recording

__all__ = ["recording"]
