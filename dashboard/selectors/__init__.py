"""The only eyes of the dashboard: a day of the courses, rows of them, and what waits."""

from dashboard.selectors.courses import DEFAULT_SORT, SORTS, Choice, summaries
from dashboard.selectors.day import Courses, Day, PastDay, PastSums, Today, day_of
from dashboard.selectors.lanes import Drawn, drawn
from dashboard.selectors.waiting import Flag, FlaggedCourse, Waiting, flagged_courses, flags_of, waiting

__all__ = [
    "DEFAULT_SORT",
    "SORTS",
    "Choice",
    "Courses",
    "Day",
    "Drawn",
    "Flag",
    "FlaggedCourse",
    "PastDay",
    "PastSums",
    "Today",
    "Waiting",
    "day_of",
    "drawn",
    "flagged_courses",
    "flags_of",
    "summaries",
    "waiting",
]
