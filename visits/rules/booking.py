"""Which day a visit may be given, and whether a booking still stands."""

from datetime import date

from protocol.codes import VisitStatus
from protocol.sentences import Refusal, gettext_noop

# Nobody is expected at these: the schedule has no place for them any more, or never had one in the study.
WITHOUT_PLACE = frozenset(
    {VisitStatus.CANCELLED, VisitStatus.PRE_ENROLMENT, VisitStatus.MERGED_WITH_ENTRY, None}
)


def takes_place(status: VisitStatus | None) -> bool:
    """Is a patient still to be expected? `status`: None for a visit the schedule has no window for."""
    return status not in WITHOUT_PLACE


def check_booking(day: date, status: VisitStatus | None, *, on: date) -> None:
    """Refusal for a day that has passed, and for a visit that will not take place."""
    if not takes_place(status):
        raise Refusal(
            gettext_noop(
                "This visit does not take place: treatment has ended, or the patient has left the study or has died."
            )
        )
    if day < on:
        raise Refusal(gettext_noop("A day that has passed cannot be booked: choose today or a later day."))
