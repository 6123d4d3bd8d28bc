"""What happened at a visit, written down: seen, not done, did not come, unscheduled."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from audit.context import recording
from patients.facts import study_consent_on
from patients.models import Patient
from patients.models.consent import SCREENING
from patients.saving import ReasonMissing, lock_patient, save_record
from patients.signals import announce
from visits.models import UNSCHEDULED, Assessment, LabResult, Visit
from visits.selectors.day import labs_of_visit
from visits.services.procedures import ProcedureValue, save_procedures
from visits.services.revision import lock_visit

RECORDED = gettext_noop("Visit recorded")
UNSCHEDULED_NUMBER = 999  # after everything the schedule numbers


@dataclass(frozen=True, slots=True)
class AssessmentValues:
    weight_kg: Decimal | None = None
    systolic_mmhg: int | None = None
    diastolic_mmhg: int | None = None
    ecog: int | None = None
    labs_pending: bool = False


@dataclass(frozen=True, slots=True)
class LabValue:
    """One result with the unit and the limits of the laboratory that gave it."""

    test: str
    value: Decimal
    unit: str = ""
    lln: Decimal | None = None
    uln: Decimal | None = None


@transaction.atomic
def record_visit_facts(
    *,
    by: User,
    visit: Visit,
    occurred_on: date,
    came_for: str | None = None,
    assessment: AssessmentValues | None = None,
    labs: Sequence[LabValue] = (),
    removed_labs: Collection[str] = (),
    procedures: Sequence[ProcedureValue] = (),
    expected_revision: int | None = None,
    reason: str = "",
) -> Visit:
    """The visit took place. Filling a planned visit explains itself; changing a recorded one needs a reason.

    Its results go with it to another day; those of the tests in `removed_labs` are taken out.
    """
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    visit = lock_visit(visit, expected_revision)
    _check_consented(visit, occurred_on)
    _move_labs(by, visit, occurred_on, reason)
    visit.occurred_on, visit.not_done, visit.did_not_come = occurred_on, False, False
    if came_for is not None:
        visit.reason = came_for.strip()
    _save(visit, by=by, reason=reason, filling=RECORDED)
    _save_assessment(by, visit, assessment, reason)
    _remove_labs(by, visit.patient, occurred_on, removed_labs, reason)
    _save_labs(by, visit.patient, occurred_on, labs, reason)
    save_procedures(by, visit, procedures, reason=reason, filling=RECORDED)
    announce([visit.patient_id], "visit")
    return visit


@transaction.atomic
def mark_not_done(
    *, by: User, visit: Visit, why: str, expected_revision: int | None = None, reason: str = ""
) -> Visit:
    """The visit did not and will not take place; `why` is kept with it."""
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    if not why.strip():
        raise ValidationError({"reason": _("Say why the visit was not done.")})
    visit = lock_visit(visit, expected_revision)
    visit.occurred_on, visit.not_done, visit.reason = None, True, why
    _save(visit, by=by, reason=reason, filling=gettext_noop("Visit not done"))
    announce([visit.patient_id], "visit")
    return visit


@transaction.atomic
def mark_did_not_come(*, by: User, visit: Visit, expected_revision: int | None = None) -> Visit:
    """The patient did not appear on the booked day: the visit is still to be done."""
    require(by, Permission.RECORD_VISIT, visit.patient.site)
    visit = lock_visit(visit, expected_revision)
    if is_recorded(visit):
        raise ValidationError(_("This visit is recorded already."))
    visit.did_not_come = True
    _save(visit, by=by, filling=gettext_noop("Patient did not come"))
    announce([visit.patient_id], "visit")
    return visit


@transaction.atomic
def record_unscheduled_visit(
    *,
    by: User,
    patient: Patient,
    occurred_on: date,
    came_for: str = "",
    assessment: AssessmentValues | None = None,
    labs: Sequence[LabValue] = (),
    procedures: Sequence[ProcedureValue] = (),
    reason: str = "",
) -> Visit:
    """A visit the schedule does not know, and why the patient came; at most one a day.

    `reason`: where it changes results of that day.
    """
    require(by, Permission.RECORD_VISIT, patient.site)
    visit = Visit(patient=lock_patient(patient), visit=UNSCHEDULED, visitnum=UNSCHEDULED_NUMBER)
    visit.occurred_on, visit.reason = occurred_on, came_for.strip()
    _save(visit, by=by)
    _save_assessment(by, visit, assessment, "")
    _save_labs(by, visit.patient, occurred_on, labs, reason)
    save_procedures(by, visit, procedures, reason="", filling=RECORDED)
    announce([patient.pk], "visit")
    return visit


def _check_consented(visit: Visit, occurred_on: date) -> None:
    """Screening is the first study procedure: it waits for the consent to the study."""
    if visit.visit != SCREENING:
        return
    signed_on = study_consent_on(visit.patient)
    if signed_on is None or signed_on > occurred_on:
        message = _("No consent to the study is signed by %(day)s: record the consent first, then the visit.")
        raise ValidationError({"occurred_on": message % {"day": date_format(occurred_on)}})


def is_recorded(visit: Visit) -> bool:
    return visit.occurred_on is not None or visit.not_done


def _save(visit: Visit, *, by: User, reason: str = "", filling: str = "") -> None:
    visit.revision += 1
    visit.recorded_at, visit.recorded_by = timezone.now(), by
    save_record(visit, by=by, reason=reason, filling=filling, markers=("did_not_come",))


def _save_assessment(by: User, visit: Visit, values: AssessmentValues | None, reason: str) -> None:
    if values is not None:
        row = getattr(visit, "assessment", None) or Assessment(visit=visit)
        vars(row).update(asdict(values))
        save_record(row, by=by, reason=reason, filling=RECORDED, markers=("labs_pending",))


def _save_labs(by: User, patient: Patient, day: date, labs: Sequence[LabValue], reason: str) -> None:
    """The results of a day; what stands there already is changed, with the reason."""
    stored = {row.test: row for row in LabResult.objects.filter(patient=patient, collected_on=day)}
    for values in labs:
        row = stored.get(values.test) or LabResult(patient=patient, collected_on=day)
        vars(row).update(asdict(values))
        save_record(row, by=by, reason=reason, filling=RECORDED)


def _move_labs(by: User, visit: Visit, day: date, reason: str) -> None:
    """The results of a visit that took place on another day than was written down."""
    if visit.occurred_on != day:
        for row in list(labs_of_visit(visit)):
            row.collected_on = day
            save_record(row, by=by, reason=reason)


def _remove_labs(by: User, patient: Patient, day: date, tests: Collection[str], reason: str) -> None:
    rows = LabResult.objects.filter(patient=patient, collected_on=day, test__in=tests)
    if not rows:
        return
    if not reason.strip():
        raise ReasonMissing(_("Saved values change: say why."), code="reason")
    with recording(by=by, reason=reason):
        for row in rows:
            row.delete()
