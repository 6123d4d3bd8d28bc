"""What the pages about tablets look at: the log as rows of a file, and what to propose to hand out."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from audit.exports import cell
from clinic.rules.echo import tablets_to_hand_out
from clinic.selectors.consultation import next_visit_of
from clinic.selectors.course import Course
from dosing.rules.tablets import TabletQuantity
from dosing.rules.transition import earliest_study_drug_on
from dosing.selectors.tablets import AccountabilityLog
from patients.words import word_of
from protocol.codes import SupplySource


@dataclass(frozen=True, slots=True)
class HandOut:
    """Tablets for every day to the end of the next visit's window; `until` None: there is no such visit."""

    until: date | None
    visit: str
    tablets: tuple[TabletQuantity, ...]
    source: SupplySource


def hand_out(course: Course) -> HandOut:
    coming = next_visit_of(course.patient, None, course.protocol, on=course.on)
    until = coming.visit.closes_on if coming else None
    needed: tuple[TabletQuantity, ...] = ()
    if until is not None and course.all_facts.last_dose_on is None:
        regimen = course.protocol.regimen
        needed = tablets_to_hand_out(course.all_facts.orders, None, course.on, until, regimen)
    return HandOut(until, coming.name if coming else "", needed, _source(course))


def file_rows(log: AccountabilityLog) -> Iterator[list[Any]]:
    """The log for a spreadsheet: nothing in it runs there."""
    yield [
        *(
            _("Dispensed on"),
            _("Subject id"),
            _("Kit"),
            _("Source"),
            _("Strength (mg)"),
            _("Lot"),
            _("Expires on"),
        ),
        *(_("Tablets"), _("Returned on"), _("Returned"), _("Lost"), _("Kept"), _("Gone"), _("Entered by")),
    ]
    for line in log.lines:
        kit, count = line.kit, line.balance.counted
        counted = (
            [count.returned_on, count.tablets_returned, count.tablets_lost, count.tablets_kept]
            if count
            else [None] * 4
        )
        values = [
            *(
                kit.dispensed_on,
                kit.patient.subject_id,
                kit.kit_id,
                word_of(kit.source),
                kit.strength_mg,
                kit.lot,
            ),
            *(kit.expires_on, kit.tablets, *counted, line.balance.tablets_gone, line.entered_by),
        ]
        yield [cell(value) for value in values]


def _source(course: Course) -> SupplySource:
    first_dose_on = course.patient.first_dose_on
    if first_dose_on is None or course.on < earliest_study_drug_on(first_dose_on, course.protocol.regimen):
        return SupplySource.PRESCRIPTION
    return SupplySource.IP
