"""What the dashboard counts: each measure once, as words and as a condition on course summaries.

The number on the page and the list of patients behind it come from the same condition, so they cannot differ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Case, F, Func, IntegerField, Q, When
from django.utils.translation import gettext as _

from dashboard.rules.bins import Bin, band_limits, bins
from protocol.codes import FlagCode, Phase, VisitStatus
from protocol.definition import Protocol

LONG_HOLDS = (FlagCode.HOLD_OVER_28_DAYS, FlagCode.HOLD_OVER_90_DAYS)
PERCENTAGES = ("pill_count", "pdc", "rdi")


@dataclass(frozen=True, slots=True)
class Measure:
    """`where` picks the patients. With `amount`, what is counted is not patients but their visits of that status."""

    key: str
    name: str
    definition: str
    where: Q
    amount: VisitStatus | None = None


class VisitsOfStatus(Func):
    """How many visits of a summary's payload have a status."""

    template = (
        "jsonb_array_length(jsonb_path_query_array("
        """%(expressions)s, '$.visits[*] ? (@.status == "%(status)s")'))"""
    )
    output_field = IntegerField()

    def __init__(self, status: VisitStatus, payload: str = "payload") -> None:
        super().__init__(F(payload), status=status.value)


def measures(protocol: Protocol) -> dict[str, Measure]:
    """Every measure by its key, in the language of the moment."""
    found = [*_accrual(), *_flags(protocol), *_visits()]
    for percentage in PERCENTAGES:
        found += _distribution(percentage, protocol)
    return {measure.key: measure for measure in found}


def is_flagged(*codes: FlagCode, still: bool = False) -> Q:
    """Courses with a flag of these kinds; `still`: one that has not ended."""
    condition = Q(pk__in=[])
    for code in codes:
        flag: dict[str, str | None] = {"code": code.value}
        condition |= Q(payload__flags__contains=[flag | {"to_on": None} if still else flag])
    return condition


def still_flagged_first() -> Case:
    """For ordering: courses with an open flag before those whose flags have ended."""
    open_now = is_flagged(FlagCode.DOSE_BELOW_300, *LONG_HOLDS, still=True)
    return Case(When(open_now, then=0), default=1, output_field=IntegerField())


def overdue(patient_ids: Iterable[int]) -> Measure:
    """Patients found by the rule of the worklist, which needs bookings and so no course summary."""
    definition = _(
        "A visit without a record whose booked day, or else whose window, has passed, and after which no scheduled "
        "visit has taken place."
    )
    return Measure("overdue", _("With an overdue visit"), definition, Q(patient_id__in=patient_ids))


def _accrual() -> Iterator[Measure]:
    enrolled = Q(patient__enrolment__enrolled_on__lte=F("as_of"))
    yield Measure(
        "enrolled", _("Enrolled"), _("An enrolment is recorded on or before the data cut-off."), enrolled
    )
    yield Measure(
        "not_enrolled",
        _("In screening"),
        _("A patient is entered, and not enrolled by the data cut-off."),
        ~enrolled,
    )
    yield Measure(
        "on_treatment",
        _("On treatment"),
        _("From the first dose to the planned end, unless the end of treatment is recorded."),
        Q(on_treatment=True),
    )
    yield Measure(
        "standard",
        _("On standard treatment"),
        _("On treatment before the extension begins, by the calendar."),
        Q(on_treatment=True, phase=Phase.STANDARD.value),
    )
    yield Measure(
        "extension",
        _("In the IP extension"),
        _("On treatment from the day the extension begins, by the calendar."),
        Q(on_treatment=True, phase=Phase.EXTENSION.value),
    )
    yield Measure(
        "ended",
        _("Treatment ended"),
        _("The end of treatment is recorded, early or as planned."),
        Q(payload__treatment_ended_on__isnull=False) & ~Q(payload__treatment_ended_on=None),
    )


def _flags(protocol: Protocol) -> Iterator[Measure]:
    values = {"mg": protocol.regimen.minimum_dose_mg, "days": protocol.regimen.hold_alert_days}
    yield Measure(
        "dose_below_minimum",
        _("Under %(mg)s mg, ever") % values,
        _("An order with a mean daily dose above 0 and under %(mg)s mg.") % values,
        Q(has_dose_below_minimum=True),
    )
    yield Measure(
        "dose_below_minimum_now",
        _("Under %(mg)s mg now") % values,
        _("An order with a mean daily dose above 0 and under %(mg)s mg that still holds.") % values,
        is_flagged(FlagCode.DOSE_BELOW_300, still=True),
    )
    yield Measure(
        "long_hold",
        _("Hold over %(days)s days, ever") % values,
        _("More than %(days)s consecutive days on hold.") % values,
        Q(has_long_hold=True),
    )
    yield Measure(
        "long_hold_now",
        _("Hold over %(days)s days now") % values,
        _("More than %(days)s consecutive days on hold, and not resumed.") % values,
        is_flagged(*LONG_HOLDS, still=True),
    )


def _visits() -> Iterator[Measure]:
    named = {
        VisitStatus.COMPLETED: (_("Visits on time"), _("The visit took place inside its window.")),
        VisitStatus.COMPLETED_OUT_OF_WINDOW: (
            _("Visits out of window"),
            _("The visit took place before its window opened or after it closed."),
        ),
        VisitStatus.MISSED: (_("Visits missed"), _("The window has closed and nothing is recorded.")),
        VisitStatus.NOT_DONE: (_("Visits not done"), _("The visit is recorded as not done, with a reason.")),
        VisitStatus.DUE: (_("Visits due"), _("The window is open and nothing is recorded.")),
    }
    for status, (name, definition) in named.items():
        has_some = Q(payload__visits__contains=[{"status": status.value}])
        yield Measure(f"visits_{status.lower()}", name, definition, has_some, status)


def _distribution(percentage: str, protocol: Protocol) -> Iterator[Measure]:
    column, subject, definition = f"{percentage}_percent", subject_of(percentage), _definition(percentage)
    spans = {span.key: span for span in bins(protocol.adherence)}
    spans |= {band.value: span for band, span in band_limits(protocol.adherence).items()}
    for key, span in spans.items():
        name = _("%(measure)s: %(range)s") % {"measure": subject, "range": range_words(span)}
        yield Measure(f"{percentage}-{key}", name, definition, inside(column, span))
    for key, words, is_null in (("none", _("not evaluable"), True), ("all", _("evaluable"), False)):
        name = _("%(measure)s: %(range)s") % {"measure": subject, "range": words}
        yield Measure(f"{percentage}-{key}", name, definition, Q(**{f"{column}__isnull": is_null}))


def inside(column: str, span: Bin) -> Q:
    condition = Q(**{f"{column}__isnull": False})
    if span.from_percent is not None:
        condition &= Q(**{f"{column}__gte": span.from_percent})
    if span.to_percent is not None:
        condition &= Q(**{f"{column}__lt": span.to_percent})
    return condition


def range_words(span: Bin) -> str:
    """ "80 to under 85 %", and the two open ends."""
    values = {"low": span.from_percent, "high": span.to_percent}
    if span.from_percent is None:
        return _("under %(high)s %%") % values
    return (
        _("%(low)s %% and more") % values
        if span.to_percent is None
        else _("%(low)s to under %(high)s %%") % values
    )


def subject_of(percentage: str) -> str:
    return {
        "pill_count": _("Adherence by pill count"),
        "pdc": _("Days covered (PDC)"),
        "rdi": _("Dose intensity (RDI)"),
    }[percentage]


def _definition(percentage: str) -> str:
    return {
        "pill_count": _(
            "Tablets that did not come back, against what was ordered for the same days; only intervals between two "
            "dispensings whose tablets were all counted. Holds do not count against it, and it is never capped."
        ),
        "pdc": _(
            "Dosing days for which there were tablets, out of the days with a dose ordered; tablets left over are "
            "used later."
        ),
        "rdi": _(
            "Milligrams taken against the planned dose on every day since the first dose. Holds count against it."
        ),
    }[percentage]
