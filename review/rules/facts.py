"""What is known of one course when somebody looks for doubtful things in it."""

from dataclasses import dataclass
from datetime import date

from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts
from patients.rules.facts import PatientFacts
from protocol.codes import DatePrecision
from protocol.partial_days import PartialDay


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An adverse event as far as its fields can disagree with each other."""

    ae_no: int
    grade: int | None = None
    serious: tuple[str, ...] = ()
    outcome: str = ""
    ended_on: date | None = None
    started_on: date | None = None
    action_taken: str = ""
    end_precision: str = DatePrecision.DAY

    @property
    def last_on(self) -> date | None:
        """The last day it can have gone on; None while it goes on."""
        if self.ended_on is None:
            return None
        return PartialDay(self.ended_on, DatePrecision(self.end_precision)).latest


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """`email` as it was written down, "" = none; `reminders`: None = never asked. `is_refused`: by a mail server."""

    email: str = ""
    reminders: bool | None = None
    is_refused: bool = False


@dataclass(frozen=True, slots=True)
class ReviewFacts:
    """One patient. `units_not_graded`: pairs of a laboratory test and a unit that no grade is defined for."""

    patient: PatientFacts
    orders: tuple[DoseOrderFacts, ...] = ()
    kits: tuple[KitFacts, ...] = ()
    returns: tuple[KitReturnFacts, ...] = ()
    last_dose_on: date | None = None
    events: tuple[EventFacts, ...] = ()
    contact: ContactFacts = ContactFacts()
    units_not_graded: tuple[tuple[str, str], ...] = ()
    assessed_on: tuple[date, ...] = ()  # the days on which the disease was looked at
    recurrence_on: date | None = None
