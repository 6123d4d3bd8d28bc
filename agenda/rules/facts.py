"""What the agenda of one patient is judged from, as frozen values."""

from dataclasses import dataclass
from datetime import date, time

from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts
from patients.rules.consents import FormVersion, SignedConsent
from protocol.codes import EntryPath
from protocol.definition import Protocol
from visits.rules.contacts import Attempt
from visits.rules.schedule import ProjectedVisit
from visits.rules.status import VisitContext, VisitRecord, visit_context
from visits.rules.working_days import IsWorkingDay


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit of the schedule as it is stored. `window` None: the schedule has no place for it (any more)."""

    record: VisitRecord
    number: int
    window: ProjectedVisit | None
    booked_on: date | None = None
    booked_time: time | None = None
    did_not_come: bool = False

    @property
    def is_recorded(self) -> bool:
        return self.record.occurred_on is not None or self.record.not_done


@dataclass(frozen=True, slots=True)
class OwedReport:
    """A safety report that has not been sent: since the site became aware, whatever else becomes of the patient."""

    code: str
    aware_on: date
    due_on: date
    due_time: time


@dataclass(frozen=True)
class AgendaFacts:
    """Everything recorded that decides what is to be done about a patient, whatever the day.

    `visits` by target and number; `seen`: every day a visit took place, unscheduled ones too; `assessed_on`: the days
    somebody looked for the disease. `treatment_ended_on` is the last dose of a treatment whose end was recorded for
    the day `treatment_closed_on`. `about_tablets`: codes of the visits about tablets of every protocol version.
    """

    protocol: Protocol
    entry_path: str
    is_working_day: IsWorkingDay
    enrolled_on: date | None = None
    first_dose_on: date | None = None
    planned_start_on: date | None = None
    treatment_closed_on: date | None = None
    treatment_ended_on: date | None = None
    participation_ended_on: date | None = None
    died_on: date | None = None
    recurrence_on: date | None = None
    visits: tuple[VisitFacts, ...] = ()
    seen: tuple[date, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    assessed_on: tuple[date, ...] = ()
    consents: tuple[SignedConsent, ...] = ()
    forms: tuple[FormVersion, ...] = ()
    orders: tuple[DoseOrderFacts, ...] = ()
    kits: tuple[KitFacts, ...] = ()
    returns: tuple[KitReturnFacts, ...] = ()
    about_tablets: frozenset[str] = frozenset()
    reports: tuple[OwedReport, ...] = ()

    def has_left(self, on: date) -> bool:
        """Died, or no longer in the study."""
        return is_by(self.died_on, on) or is_by(self.participation_ended_on, on)

    def is_enrolled(self, on: date) -> bool:
        return is_by(self.enrolled_on, on)

    def context(self, on: date) -> VisitContext:
        """Of a patient who has not left: what decides the status of visits."""
        return visit_context(
            entry_path=self.entry_path,
            enrolled_on=self.enrolled_on,
            first_dose_on=self.first_dose_on,
            treatment_ended_on=self.treatment_ended_on if is_by(self.treatment_closed_on, on) else None,
            died_on=None,
            participation_ended_on=None,
            regimen=self.protocol.regimen,
        )

    @property
    def starts_with_study(self) -> bool:
        return self.entry_path == EntryPath.NEW_START


def is_by(day: date | None, on: date) -> bool:
    """Has that day come?"""
    return day is not None and day <= on
