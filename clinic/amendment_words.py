"""A preview, or what an amendment did, in words: for every patient the visits and the course, kind by kind."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from courses.rules.changes import CourseChange, What
from patients.models import Amendment, Patient
from patients.templatetags.statuses import flag_mark
from patients.words import word_of
from protocol import load_protocol
from protocol.definition import Protocol
from visits.rules.amendment import ChangeKind, VisitChange, VisitState
from visits.selectors.amendment import LeftOut
from visits.services import AmendmentPreview, PatientAmendment
from visits.words import visit_name

MOST_IN_DETAIL = 60  # patients whose visits are listed one by one on the page of a whole site
NOTHING = "–"
KINDS: dict[str, str | Promise] = {
    ChangeKind.MOVED: pgettext_lazy("amendment", "New target or window"),
    ChangeKind.NEWLY_OUT: pgettext_lazy("amendment", "Newly out of window"),
    ChangeKind.NEWLY_IN: pgettext_lazy("amendment", "Newly in window"),
    ChangeKind.KEPT: pgettext_lazy("amendment", "Kept, because done"),
    ChangeKind.ADDED: pgettext_lazy("amendment", "Added"),
    ChangeKind.DROPPED: pgettext_lazy("amendment", "Dropped"),
    ChangeKind.JUDGED: pgettext_lazy("amendment", "Another status"),
}
REASONS: dict[str, str | Promise] = {
    LeftOut.ALREADY: gettext_lazy("On this version already"),
    LeftOut.GONE: gettext_lazy("Died or left the study: stays on the old version"),
    LeftOut.OTHER_VERSION: gettext_lazy("On a version that this one does not amend"),
    LeftOut.LATER_AMENDED: gettext_lazy("Came onto the present version after that day"),
}
COURSE: dict[str, str | Promise] = {
    What.EXTENSION_FROM: gettext_lazy("Extension from: %(old)s → %(new)s"),
    What.PLANNED_END_ON: gettext_lazy("Planned end: %(old)s → %(new)s"),
    What.PHASE: gettext_lazy("Phase: %(old)s → %(new)s"),
    What.NEXT_VISIT: gettext_lazy("Next visit: %(old)s → %(new)s"),
    What.ELIGIBILITY: gettext_lazy("Eligibility: %(old)s → %(new)s"),
    What.PILL_COUNT: gettext_lazy("Adherence by tablet count: %(old)s → %(new)s"),
    What.DAYS_COVERED: gettext_lazy("Days covered: %(old)s → %(new)s"),
    What.FLAG_RAISED: gettext_lazy("Newly flagged: %(new)s"),
    What.FLAG_GONE: gettext_lazy("No longer flagged: %(old)s"),
}
BANDS: dict[str, str | Promise] = {
    "GOOD": pgettext_lazy("adherence", "good"),
    "FAIR": pgettext_lazy("adherence", "fair"),
    "LOW": pgettext_lazy("adherence", "low"),
    "OVERUSE": pgettext_lazy("adherence", "too high"),
}


@dataclass(frozen=True, slots=True)
class Count:
    kind: str
    word: str
    count: int


@dataclass(frozen=True, slots=True)
class VisitLine:
    name: str
    kind: str
    word: str
    before: VisitState | None
    after: VisitState | None
    occurred_on: date | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PatientLines:
    """One patient of a preview; `visits` is empty where there is no room for all."""

    patient: Patient
    url: str
    counts: tuple[Count, ...]
    course: tuple[str, ...]
    visits: tuple[VisitLine, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    counts: tuple[Count, ...]
    bookings_cancelled: int
    bookings_outside: int
    patients: tuple[PatientLines, ...]
    is_cut: bool
    left_out: tuple[tuple[Patient, str], ...]
    left_out_counts: tuple[Count, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What an amendment that was applied did to one patient."""

    patient: Patient
    counts: tuple[Count, ...]


def preview_words(preview: AmendmentPreview, courses: Mapping[int, Sequence[CourseChange]]) -> Preview:
    changes = [change for one in preview.patients for change in one.changes]
    protocol = load_protocol(preview.version)
    reasons = Counter(why for _patient, why in preview.left_out)
    return Preview(
        counts=_counts(Counter(change.kind.value for change in changes)),
        bookings_cancelled=sum(change.cancels_booking for change in changes),
        bookings_outside=sum(change.leaves_booking_outside for change in changes),
        patients=tuple(
            _patient_lines(
                one, preview, courses.get(one.patient.pk, ()), protocol, is_detailed=place < MOST_IN_DETAIL
            )
            for place, one in enumerate(preview.patients)
        ),
        is_cut=len(preview.patients) > MOST_IN_DETAIL,
        left_out=tuple((patient, str(REASONS[why])) for patient, why in preview.left_out),
        left_out_counts=tuple(Count(why, str(REASONS[why]), reasons[why]) for why in LeftOut if reasons[why]),
    )


def done_words(amendment: Amendment, patients: Iterable[Patient]) -> list[Done]:
    return [
        Done(patient, _counts(Counter(amendment.changes.get(str(patient.pk), {})))) for patient in patients
    ]


def totals(amendment: Amendment) -> tuple[Count, ...]:
    """Over all patients of an amendment that was applied."""
    total: Counter[str] = Counter()
    for counts in amendment.changes.values():
        total.update(counts)
    return _counts(total)


def _counts(found: Mapping[str, int]) -> tuple[Count, ...]:
    return tuple(Count(kind.value, str(KINDS[kind]), found[kind]) for kind in ChangeKind if found.get(kind))


def _patient_lines(
    one: PatientAmendment,
    preview: AmendmentPreview,
    course: Sequence[CourseChange],
    protocol: Protocol,
    *,
    is_detailed: bool,
) -> PatientLines:
    path = reverse("clinic:amend_patient", args=[preview.version, one.patient.uuid])
    return PatientLines(
        patient=one.patient,
        url=f"{path}?effective_on={preview.effective_on.isoformat()}",
        counts=_counts(one.counts),
        course=tuple(_course_sentence(change, protocol) for change in course),
        visits=tuple(_visit_line(change, protocol) for change in one.changes) if is_detailed else (),
    )


def _visit_line(change: VisitChange, protocol: Protocol) -> VisitLine:
    return VisitLine(
        name=visit_name(protocol, change.code),
        kind=change.kind.value,
        word=str(KINDS[change.kind]),
        before=change.before,
        after=change.after,
        occurred_on=change.occurred_on,
        notes=tuple(_notes(change)),
    )


def _notes(change: VisitChange) -> Iterable[str]:
    if change.booked_on is None:
        return
    day = {"day": date_format(change.booked_on)}
    if change.cancels_booking:
        yield _("The booking for %(day)s will be cancelled.") % day
    elif change.leaves_booking_outside:
        yield _("Booked for %(day)s, outside the new window: move it.") % day


def _course_sentence(change: CourseChange, protocol: Protocol) -> str:
    values = {"old": _value(change, change.before, protocol), "new": _value(change, change.after, protocol)}
    return str(COURSE[change.what]) % values


def _value(change: CourseChange, value: object, protocol: Protocol) -> str:
    if value is None:
        return NOTHING
    if change.what in (What.PILL_COUNT, What.DAYS_COVERED):
        return str(BANDS[str(value)])
    if isinstance(value, date):
        return str(date_format(value))
    if isinstance(value, tuple):
        code, day = value
        is_visit = change.what is What.NEXT_VISIT
        name = visit_name(protocol, code) if is_visit else str(flag_mark(code).word)
        return f"{name} · {date_format(day)}"
    return str(word_of(str(value)))
