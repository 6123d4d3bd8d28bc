"""The only eyes on courses: facts of many at once, stored summaries, and the sums over them."""

from courses.selectors.facts import course_facts, facts_of, summary_of, with_course
from courses.selectors.past import past_tally
from courses.selectors.records import course_records
from courses.selectors.tallies import sums_at, sums_by_site, tally_revisions

__all__ = [
    "course_facts",
    "course_records",
    "facts_of",
    "past_tally",
    "summary_of",
    "sums_at",
    "sums_by_site",
    "tally_revisions",
    "with_course",
]
