"""A suspected recurrence: no event until it is confirmed, and then dated the first scan that showed it.

A second primary tumour is not a recurrence: it is an adverse event, and a suspicion it explains is refuted.
"""

from collections.abc import Iterable
from datetime import date

from patients.rules.facts import OutcomeFacts
from protocol.codes import OutcomeKind
from protocol.sentences import Refusal, gettext_noop


def is_open_suspicion(outcome: OutcomeFacts, *, on: date) -> bool:
    """Seen by a day, and neither confirmed nor refuted by then."""
    if outcome.kind != OutcomeKind.SUSPECTED or outcome.on > on:
        return False
    return not outcome.settlement or (outcome.settled_on is not None and outcome.settled_on > on)


def first_showing(outcomes: Iterable[OutcomeFacts], *, on: date) -> date | None:
    """The first scan of those that showed what is still suspected on a day: the date of a recurrence confirmed then."""
    return min((outcome.on for outcome in outcomes if is_open_suspicion(outcome, on=on)), default=None)


def check_outcome(kind: str, on: date, before: Iterable[OutcomeFacts]) -> None:
    """Raise Refusal where an outcome does not fit those already recorded."""
    known = list(before)
    died_on = min((outcome.on for outcome in known if outcome.kind == OutcomeKind.DEATH), default=None)
    if died_on is not None and (kind == OutcomeKind.DEATH or on > died_on):
        raise Refusal(gettext_noop("The patient died on %(day)s: correct that record instead."), day=died_on)
    latest = max((outcome.on for outcome in known), default=on)
    if kind == OutcomeKind.DEATH and latest > on:
        raise Refusal(
            gettext_noop("Something was seen of this patient on %(day)s, after this death."), day=latest
        )
    suspected_on = first_showing(known, on=on)
    if kind == OutcomeKind.RECURRENCE and suspected_on is not None:
        raise Refusal(
            gettext_noop(
                "A recurrence is suspected since the scan of %(day)s: confirm or refute that first."
            ),
            day=suspected_on,
        )
