"""What becomes of a patient: outcomes, a suspicion and what came of it, and the two ends."""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.access import require
from accounts.models import User
from accounts.permissions import Permission
from patients.models import Disposition, Outcome, Patient
from patients.rules.disposition import EndFacts, check_reason
from patients.rules.facts import OutcomeFacts
from patients.rules.suspicion import check_outcome, first_showing
from patients.saving import lock_patient, save_record
from patients.signals import announce, announcing_once
from patients.validation import refused
from protocol.codes import DispositionReason, DispositionRecord, OutcomeKind, Settlement
from protocol.sentences import Refusal

CONFIRMED = gettext_noop("Suspected recurrence confirmed")
REFUTED = gettext_noop("Suspected recurrence refuted")
_ENDS_TREATMENT = {
    OutcomeKind.RECURRENCE: DispositionReason.DISEASE_RELAPSE,
    OutcomeKind.DEATH: DispositionReason.DEATH,
}


@dataclass(frozen=True, slots=True)
class End:
    """How treatment or participation ended. `why`: the CDISC term; `ae_no`: the event, where one is the reason."""

    record: str
    ended_on: date
    why: str
    last_dose_on: date | None = None
    ae_no: int | None = None
    comment: str = ""


@transaction.atomic
def record_outcome(
    *,
    by: User,
    patient: Patient,
    kind: str,
    on: date,
    comment: str = "",
    last_dose_on: date | None = None,
) -> Outcome:
    """One outcome; `last_dose_on` ends the treatment of a recurrence or a death with it, a death the participation."""
    require(by, Permission.RECORD_OUTCOME, patient.site)
    patient = lock_patient(patient)
    try:
        check_outcome(kind, on, _outcome_facts(patient))
    except Refusal as refusal:
        raise refused(refusal) from refusal
    with announcing_once("outcome"):
        outcome = Outcome(patient=patient, kind=kind, on=on, comment=comment)
        save_record(outcome, by=by)
        announce([patient.pk], "outcome")
        _end_with(by, outcome, on, last_dose_on)
    return outcome


@transaction.atomic
def confirm_recurrence(
    *, by: User, suspicion: Outcome, confirmed_on: date, why: str = "", last_dose_on: date | None = None
) -> Outcome:
    """Confirm what is suspected: one recurrence, dated the first scan that showed it and linked to that scan."""
    patient = _held(by, suspicion)
    first_on = first_showing(_outcome_facts(patient), on=confirmed_on)
    if first_on is None:
        raise ValidationError({"on": _("Confirm it on the day of the scan or later.")})
    with announcing_once("recurrence"):
        first = None
        for scan in _open_suspicions(patient).filter(on__lte=confirmed_on).order_by("on"):
            _settle(by, scan, Settlement.CONFIRMED, confirmed_on, why)
            first = first or scan
        recurrence = Outcome(patient=patient, kind=OutcomeKind.RECURRENCE, on=first_on, suspicion=first)
        save_record(recurrence, by=by)
        announce([patient.pk], "recurrence")
        _end_with(by, recurrence, confirmed_on, last_dose_on)
    return recurrence


@transaction.atomic
def refute_recurrence(*, by: User, suspicion: Outcome, refuted_on: date, why: str) -> Outcome:
    """What was suspected is none; `why`: in the words of the person who decided."""
    patient = _held(by, suspicion)
    if not why.strip():
        raise ValidationError({"why": _("Say in your words why it is none.")})
    _settle(by, suspicion, Settlement.REFUTED, refuted_on, why)
    announce([patient.pk], "suspicion")
    return suspicion


@transaction.atomic
def change_outcome(
    *, by: User, outcome: Outcome, kind: str, on: date, comment: str = "", reason: str
) -> Outcome:
    """Correct what is recorded, under the same rules as a new outcome."""
    require(by, Permission.RECORD_OUTCOME, outcome.patient.site)
    patient = lock_patient(outcome.patient)
    others = [_facts(row) for row in patient.outcomes.exclude(pk=outcome.pk)]
    try:
        check_outcome(kind, on, others)
    except Refusal as refusal:
        raise refused(refusal) from refusal
    outcome.kind, outcome.on, outcome.comment = kind, on, comment
    save_record(outcome, by=by, reason=reason)
    announce([patient.pk], "outcome")
    return outcome


@transaction.atomic
def record_disposition(
    *,
    by: User,
    patient: Patient,
    record: str,
    ended_on: date,
    why: str,
    last_dose_on: date | None = None,
    ae_no: int | None = None,
    comment: str = "",
    reason: str = "",
) -> Disposition:
    """The end of treatment or of participation; `why` it ended, and the `reason` of a later change."""
    require(by, Permission.RECORD_OUTCOME, patient.site)
    end = End(record, ended_on, why, last_dose_on, ae_no, comment)
    disposition = _save_end(by, lock_patient(patient), end, reason)
    announce([patient.pk], "disposition")
    return disposition


def _end_with(by: User, outcome: Outcome, ended_on: date, last_dose_on: date | None) -> None:
    """The ends that an outcome brings: of treatment on its last dose, and of participation by death."""
    patient, why = outcome.patient, _ENDS_TREATMENT.get(OutcomeKind(outcome.kind))
    if why is not None and last_dose_on is not None:
        _save_end(by, patient, End(DispositionRecord.TREATMENT, ended_on, why, last_dose_on), "")
    if outcome.kind == OutcomeKind.DEATH and not _has_left(patient):
        _save_end(by, patient, End(DispositionRecord.PARTICIPATION, outcome.on, DispositionReason.DEATH), "")


def _has_left(patient: Patient) -> bool:
    ends: bool = patient.dispositions.filter(record=DispositionRecord.PARTICIPATION).exists()
    return ends


def _save_end(by: User, patient: Patient, end: End, reason: str) -> Disposition:
    _check_end(patient, end)
    stored = patient.dispositions.select_for_update().filter(record=end.record).first()
    disposition: Disposition = stored or Disposition(patient=patient, record=end.record)
    disposition.ended_on, disposition.reason, disposition.last_dose_on = (
        end.ended_on,
        end.why,
        end.last_dose_on,
    )
    disposition.ae_no, disposition.comment = end.ae_no, end.comment
    save_record(disposition, by=by, reason=reason)
    return disposition


def _check_end(patient: Patient, end: End) -> None:
    kinds = set(patient.outcomes.values_list("kind", flat=True))
    facts = EndFacts(
        record=end.record,
        reason=end.why,
        first_dose_on=patient.first_dose_on,
        last_dose_on=end.last_dose_on,
        has_recurrence=OutcomeKind.RECURRENCE in kinds,
        has_died=OutcomeKind.DEATH in kinds,
        is_enrolled=hasattr(patient, "enrolment"),
        names_event=end.ae_no is not None,
        comment=end.comment,
    )
    try:
        check_reason(facts, patient.protocol.regimen)
    except Refusal as refusal:
        raise refused(refusal, "why") from refusal


def _held(by: User, suspicion: Outcome) -> Patient:
    """The patient of a suspicion that is still open, locked."""
    require(by, Permission.RECORD_OUTCOME, suspicion.patient.site)
    patient = lock_patient(suspicion.patient)
    if not _open_suspicions(patient).filter(pk=suspicion.pk).exists():
        raise ValidationError(_("This suspicion is settled already: open the chart to see how."))
    return patient


def _settle(by: User, suspicion: Outcome, settlement: Settlement, on: date, why: str) -> None:
    if on < suspicion.on:
        raise ValidationError({"on": _("Settle it on the day of the scan or later.")})
    suspicion.settlement, suspicion.settled_on, suspicion.settled_why = settlement, on, why.strip()
    said = CONFIRMED if settlement is Settlement.CONFIRMED else REFUTED
    save_record(suspicion, by=by, filling=said)


def _open_suspicions(patient: Patient) -> QuerySet[Outcome]:
    return Outcome.objects.filter(patient=patient, kind=OutcomeKind.SUSPECTED, settlement="")


def _outcome_facts(patient: Patient) -> list[OutcomeFacts]:
    return [_facts(row) for row in patient.outcomes.all()]


def _facts(row: Outcome) -> OutcomeFacts:
    return OutcomeFacts(row.kind, row.on, row.settlement, row.settled_on)
