"""Graded results that ask for an adverse event, as the chart and the page of an answer show them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from adverse_events.rules.lab_grades import unit_words
from courses.models import LabProposal
from patients.models import Patient
from patients.words import plain, word_of


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """`ae_no`: an event of the term that went on with a lower grade, and may have become worse."""

    test: str
    name: str
    term: str
    value: Decimal
    unit: str
    grade: int
    collected_on: date
    ae_no: int | None

    @property
    def sentence(self) -> str:
        values = {
            "test": self.name,
            "value": number_format(self.value),
            "unit": self.unit,
            "grade": self.grade,
            "day": date_format(self.collected_on),
        }
        return _("%(test)s %(value)s %(unit)s on %(day)s: grade %(grade)s by CTCAE") % values


def proposal_lines(patient: Patient) -> tuple[ProposalLine, ...]:
    """What waits for an answer of a patient whom the user may see, the worst first."""
    rows = LabProposal.objects.filter(patient=patient).order_by("-grade", "collected_on", "test")
    return tuple(proposal_line(row) for row in rows)


def proposal_of(patient: Patient, test: str) -> ProposalLine | None:
    row = LabProposal.objects.filter(patient=patient, test=test).first()
    return proposal_line(row) if row else None


def proposal_line(row: LabProposal) -> ProposalLine:
    return ProposalLine(
        test=row.test,
        name=word_of(row.test),
        term=row.term,
        value=plain(row.value),
        unit=unit_words(row.unit),
        grade=row.grade,
        collected_on=row.collected_on,
        ae_no=row.ae_no,
    )
