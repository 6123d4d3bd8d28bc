"""What asks for an answer in a chart, and what is only worth knowing."""

from accounts.models import User
from clinic.selectors.course import Course
from review.rules.cautions import cautions
from review.selectors import open_queries_of
from review.words import sentence_of


def open_questions(user: User, course: Course) -> tuple[str, ...]:
    """The sentences of the open queries, the latest first."""
    return tuple(sentence_of(query.code, query.detail) for query in open_queries_of(user, course.patient))


def worth_knowing(course: Course) -> tuple[str, ...]:
    """The sentences of the cautions: nothing is stored of them, nobody answers them."""
    found = cautions(course.summary.patient, course.protocol)
    return tuple(sentence_of(caution.code, caution.detail) for caution in found)
