"""What the label and the protocol's table advise for a patient on a day, from everything recorded by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from adverse_events.models import AdverseEvent
from adverse_events.rules.facts import AdverseEventFacts
from adverse_events.rules.history import GradeStep, Spell
from adverse_events.rules.lab_grades import GRADED_UNITS, LabValue
from dosing.models import DoseOrder
from dosing.rules.advice import Finding, LabelAdvice, Labs, advice_of_labs, resume_conditions
from dosing.rules.holds import HoldCount, dose_before_hold, hold_count, toxicity_holds
from dosing.rules.modification import (
    Proposal,
    ReEscalation,
    is_proposed_for,
    proposal,
    re_escalation,
    spells_not_tolerable,
    table_row,
)
from dosing.rules.notes import NoteFacts, creatinine_clearance, notes_for
from dosing.rules.orders import DoseOrderFacts, dose_periods, order_on
from patients.models import Patient
from protocol.codes import DispositionRecord, LabTest
from protocol.days import age_on
from protocol.definition import LabelNote, Protocol
from visits.models import Assessment, LabResult

Histories = Mapping[int, Sequence[GradeStep]]  # by the number of the event


@dataclass(frozen=True, slots=True)
class EventProposal:
    """The table's proposal beside the event it speaks of."""

    event: AdverseEventFacts
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class DosingAdvice:
    """Advice, never an order. `order`: in force on the day; `before_hold`: the dose to come back to.

    `held_for`: the label rule or row of the table behind the hold that is on now. `conditions`: what its label rule
    asks before resuming, met or not. `labs_on`: the day of each result that was used.
    """

    on: date
    order: DoseOrderFacts | None
    before_hold: DoseOrderFacts | None
    held_for: str | None
    hold: HoldCount
    labels: tuple[LabelAdvice, ...]
    conditions: tuple[Finding, ...]
    proposals: tuple[EventProposal, ...]
    re_escalation: ReEscalation | None
    notes: tuple[LabelNote, ...]
    clearance_ml_min: Fraction | None
    labs_on: Mapping[LabTest, date]

    @property
    def is_on_hold(self) -> bool:
        return self.order is not None and self.order.is_hold

    @property
    def not_yet(self) -> tuple[Finding, ...]:
        """Conditions to resume that are not met, or not known to be."""
        return tuple(finding for finding in self.conditions if not finding.is_crossed)

    @property
    def resume_dose_mg(self) -> int | None:
        """What to resume at: the lower of what the label and the table say of the hold, else the dose before it.

        None where one of them says to discontinue.
        """
        said = [label.resume_dose_mg for label in self.labels if label.rule_code == self.held_for]
        said += [row.proposal.resume_dose_mg for row in self.proposals if row.proposal.row == self.held_for]
        if said:
            return None if None in said else min(dose for dose in said if dose is not None)
        return int(self.before_hold.mean_daily_mg) if self.before_hold else None


def advice_for(
    patient: Patient, *, on: date, labs: Labs | None = None, labs_until: date | None = None
) -> DosingAdvice:
    """Of a patient whom the user may see.

    `labs`: results that are being typed, before those stored. `labs_until`: where results of a later day count too.
    """
    protocol = patient.protocol
    rows = DoseOrder.objects.filter(patient=patient, from_on__lte=on).select_related("adverse_event")
    orders = [row.facts for row in rows]
    begun = AdverseEvent.objects.filter(patient=patient, started_on__lte=on).order_by("ae_no")
    reported = list(begun.prefetch_related("grades"))
    histories = {row.ae_no: row.history for row in reported}
    events = [row.facts for row in reported]
    latest = _latest_labs(patient, labs_until or on)
    known: dict[LabTest, LabValue] = {test: _lab_value(row) for test, row in latest.items()}
    known |= labs or {}
    clearance = _clearance(patient, known, on)
    last_dose_on = _last_dose_on(patient)
    periods = dose_periods(orders, last_dose_on)
    kinds = _kinds(events, histories, protocol, on)
    holds, held_for = toxicity_holds(orders, kinds)
    before = dose_before_hold(orders, on)
    rule = next((rule for rule in protocol.label_rules if rule.code == held_for), None)
    return DosingAdvice(
        on=on,
        order=order_on(orders, on, last_dose_on),
        before_hold=before,
        held_for=held_for,
        hold=hold_count(periods, on, protocol.regimen),
        labels=advice_of_labs(protocol.label_rules, known, holds, held_for),
        conditions=resume_conditions(rule, known) if rule else (),
        proposals=_proposals(events, kinds, holds, held_for, before, protocol),
        re_escalation=re_escalation(periods, _not_tolerable(events, histories, on), on, protocol.regimen),
        notes=notes_for(protocol.label_notes, _note_facts(patient, clearance)),
        clearance_ml_min=clearance,
        labs_on={test: row.collected_on for test, row in latest.items()},
    )


def _proposals(
    events: list[AdverseEventFacts],
    kinds: Mapping[int, str],
    holds: Mapping[str, int],
    held_for: str | None,
    before: DoseOrderFacts | None,
    protocol: Protocol,
) -> tuple[EventProposal, ...]:
    """For every event that goes on, and for those behind the hold that is on."""
    dose_mg = int(before.mean_daily_mg) if before else protocol.regimen.planned_dose_mg
    rows = (
        (event, kinds[event.ae_no])
        for event in events
        if event.ae_no in kinds and is_proposed_for(event, kinds[event.ae_no], held_for)
    )
    return tuple(
        EventProposal(event, proposal(event, row, holds, held_for, dose_mg, protocol)) for event, row in rows
    )


def _not_tolerable(events: list[AdverseEventFacts], histories: Histories, on: date) -> list[Spell]:
    return [spell for event in events for spell in spells_not_tolerable(event, histories[event.ae_no], on)]


def _kinds(
    events: list[AdverseEventFacts], histories: Histories, protocol: Protocol, on: date
) -> dict[int, str]:
    """The row of the table behind each event that has one, by its number."""
    rows = ((event.ae_no, table_row(event, histories[event.ae_no], protocol, on)) for event in events)
    return {ae_no: row for ae_no, row in rows if row is not None}


def _latest_labs(patient: Patient, on: date) -> dict[LabTest, LabResult]:
    rows = LabResult.objects.filter(patient=patient, collected_on__lte=on)
    latest = rows.order_by("test", "-collected_on").distinct("test")
    return {LabTest(row.test): row for row in latest}


def _lab_value(row: LabResult) -> LabValue:
    return LabValue(LabTest(row.test), row.value, row.unit, row.lln, row.uln)


def _last_dose_on(patient: Patient) -> date | None:
    ends = patient.dispositions.filter(record=DispositionRecord.TREATMENT)
    return ends.values_list("last_dose_on", flat=True).first()


def _clearance(patient: Patient, labs: Labs, on: date) -> Fraction | None:
    """By the latest weight and creatinine; None where one of them, the sex or the date of birth is not known."""
    creatinine = labs.get(LabTest.CREAT)
    weighed = Assessment.objects.filter(
        visit__patient=patient, visit__occurred_on__lte=on, weight_kg__isnull=False
    )
    weight: Decimal | None = (
        weighed.order_by("-visit__occurred_on").values_list("weight_kg", flat=True).first()
    )
    if creatinine is None or creatinine.unit != GRADED_UNITS[LabTest.CREAT] or weight is None:
        return None
    if patient.birth_date is None or not patient.sex:
        return None
    return creatinine_clearance(age_on(patient.birth_date, on), weight, creatinine.value, patient.sex)


def _note_facts(patient: Patient, clearance: Fraction | None) -> NoteFacts:
    screening = getattr(patient, "screening", None)
    return NoteFacts(
        has_childbearing_potential=bool(screening and screening.childbearing_potential),
        has_hepatitis_b=bool(screening and screening.stable_hepatitis_b),
        clearance_ml_min=clearance,
    )
