"""What asks for an answer in a chart, and what is only worth knowing."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from clinic.selectors.course import Course
from review.rules.cautions import cautions
from review.selectors import queries_of
from review.words import sentence_of


@dataclass(frozen=True, slots=True)
class QueryLine:
    """`closed_at` None: it still asks for an answer."""

    pk: int
    sentence: str
    about: str
    opened_at: datetime
    opened_by: str
    closed_at: datetime | None
    closed_by: str


def query_lines(user: User, course: Course) -> tuple[QueryLine, ...]:
    """Every query of the patient: the open ones first, then the latest."""
    rows = queries_of(user, course.patient)
    lines = [
        QueryLine(
            pk=row.pk,
            sentence=sentence_of(row.code, row.detail),
            about=row.about,
            opened_at=row.opened_at,
            opened_by=row.opened_by.get_username(),
            closed_at=row.closed_at,
            closed_by=row.closed_by.get_username() if row.closed_by else "",
        )
        for row in rows
    ]
    return tuple(sorted(lines, key=lambda line: line.closed_at is not None))


def worth_knowing(course: Course) -> tuple[str, ...]:
    """The sentences of the cautions: nothing is stored of them, nobody answers them."""
    found = cautions(course.summary.patient, course.protocol)
    return tuple(sentence_of(caution.code, caution.detail) for caution in found)
