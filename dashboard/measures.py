"""What the dashboard counts: each measure once, as words, as a part of the sums and as a condition on summaries.

The number on the page is the part of the sums; the patients behind it are those whose own contribution has that part.
The condition finds them among stored summaries by their columns; on a past day their contributions are asked directly.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from dashboard.rules.bins import Bin, band_limits, bins
from dashboard.rules.counted import Counted
from dashboard.rules.distribution import NOT_EVALUABLE
from dashboard.rules.events import GRADES, SEVERE
from dashboard.rules.figures import PARTS, PERCENTAGES
from patients.words import word_of
from protocol.codes import DispositionReason, FlagCode, Phase, VisitStatus
from protocol.definition import Protocol

COURSE = "course"
RELATED, ALL = "related", "all"
ANSWERS = ("yes", "no", "unknown")


@dataclass(frozen=True, slots=True)
class Measure:
    """`counted` is the number; `where` picks the patients behind it. With `amount`, what is counted is not patients
    but something of theirs, as many as its name says."""

    key: str
    name: str
    definition: str
    counted: Counted
    where: Q
    amount: str = ""


def measure_of(key: str, protocol: Protocol) -> Measure | None:
    """Any measure by its key, in the language of the moment; None for a word that is none."""
    kind, _dash, rest = key.partition("|")
    if kind == "event":
        return _event(key, rest)
    if kind == "end_reason":
        return _end_reason(key, rest)
    return measures(protocol).get(key)


def measures(protocol: Protocol) -> dict[str, Measure]:
    """Every measure that is known beforehand by its key, in the language of the moment."""
    found = [*_accrual(), *_ends(), *_flags(protocol), *_visits(), *_survival()]
    for percentage in PERCENTAGES:
        for part in PARTS:
            found += _distribution(percentage, part, protocol)
    return {measure.key: measure for measure in found}


def in_sums(counted: Counted) -> Q:
    """The condition that needs no column: what a patient counts for stands with the summary."""
    if counted.keys is None:
        return Q(tallied__has_key=counted.figure)
    return Q(**{f"tallied__{counted.figure}__has_any_keys": list(counted.keys)})


def _patients(key: str, name: str, definition: str, where: Q | None = None) -> Measure:
    counted = Counted("patients", (key,))
    return Measure(key, name, definition, counted, in_sums(counted) if where is None else where)


def _accrual() -> Iterator[Measure]:
    enrolled = Q(enrolled_on__isnull=False)
    yield _patients(
        "enrolled", _("Enrolled"), _("An enrolment is recorded on or before the data cut-off."), enrolled
    )
    yield _patients(
        "not_enrolled", _("In screening"), _("A patient is entered, and not enrolled by the data cut-off.")
    )
    yield _patients(
        "path_a", _("Path A"), _("Enrolled before the first dose: the adjuvant treatment began in the study.")
    )
    yield _patients(
        "path_b", _("Path B"), _("Enrolled while already on adjuvant imatinib: at risk from enrolment on.")
    )
    yield _patients(
        "on_treatment",
        _("On treatment"),
        _("From the first dose to the planned end, unless the end of treatment is recorded."),
        Q(on_treatment=True),
    )
    yield _patients(
        "standard",
        _("On standard treatment"),
        _("On treatment before the extension begins, by the calendar."),
        Q(on_treatment=True, phase=Phase.STANDARD.value),
    )
    yield _patients(
        "extension",
        _("In the IP extension"),
        _("On treatment from the day the extension begins, by the calendar."),
        Q(on_treatment=True, phase=Phase.EXTENSION.value),
    )


def _ends() -> Iterator[Measure]:
    yield _patients(
        "ended",
        _("Treatment ended"),
        _("The end of treatment is recorded, early or as planned."),
        Q(treatment_ended_on__isnull=False),
    )
    yield _patients(
        "cannot_finish",
        _("Cannot finish before the study ends"),
        _("On treatment or about to be, and the planned end lies after the study is complete."),
        Q(cannot_finish=True),
    )
    yield _patients(
        "overdue",
        _("With an overdue visit"),
        _(
            "A visit without a record whose booked day, or else whose window, has passed, and after which no "
            "scheduled visit has taken place."
        ),
        Q(overdue_since__isnull=False),
    )


def _flags(protocol: Protocol) -> Iterator[Measure]:
    values = {"mg": protocol.regimen.minimum_dose_mg, "days": protocol.regimen.hold_alert_days}
    yield _patients(
        "dose_below_minimum",
        _("Under %(mg)s mg, ever") % values,
        _("An order with a mean daily dose above 0 and under %(mg)s mg.") % values,
        Q(has_dose_below_minimum=True),
    )
    yield _patients(
        "dose_below_minimum_now",
        _("Under %(mg)s mg now") % values,
        _("An order with a mean daily dose above 0 and under %(mg)s mg that still holds.") % values,
        Q(has_dose_below_minimum_now=True),
    )
    yield _patients(
        "long_hold",
        _("Hold over %(days)s days, ever") % values,
        _("More than %(days)s consecutive days on hold.") % values,
        Q(has_long_hold=True),
    )
    yield _patients(
        "long_hold_now",
        _("Hold over %(days)s days now") % values,
        _("More than %(days)s consecutive days on hold, and not resumed.") % values,
        Q(has_long_hold_now=True),
    )
    yield _patients(
        "overuse",
        _("More tablets used than ordered"),
        _("An interval with an adherence by pill count of %(percent)s %% or more.")
        % {"percent": protocol.adherence.overuse_percent},
        Q(payload__flags__contains=[{"code": FlagCode.OVERUSE.value}]),
    )
    yield _patients(
        "waiting",
        _("With a flag nobody has acknowledged"),
        _(
            "A dose under the minimum or above the plan, or a long hold, that the investigator has said nothing to."
        ),
        Q(waiting_since__isnull=False),
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
        counted = Counted("visits", ending=f"|{status.value}")
        key = f"visits_{status.lower()}"
        yield Measure(key, name, definition, counted, has_some, amount=_("Visits"))


def _survival() -> Iterator[Measure]:
    seen = _("Enrolled, and under observation for at least one day since the first dose and since enrolment.")
    named = {
        "rfs_entry": (_("In the curve of recurrence"), seen),
        "rfs_event": (
            _("Recurrence or death"),
            _("The first of recurrence and death from any cause, counted from the first dose."),
        ),
        "persistence_entry": (_("In the curve of treatment"), seen),
        "persistence_event": (
            _("Treatment stopped early"),
            _("The last dose was taken before the planned end, for whatever reason."),
        ),
    }
    for key, (name, definition) in named.items():
        counted = Counted(key)
        yield Measure(key, name, definition, counted, in_sums(counted))


def _event(key: str, rest: str) -> Measure | None:
    """ "event|Anemia|3|related": term, grade ("any", "severe", 1 … 5, "unknown"), "related" or "all"."""
    parts = rest.rsplit("|", 2)
    if (
        len(parts) < len(("term", "grade", "judged"))
        or parts[1] not in _grades()
        or parts[2] not in (RELATED, ALL)
    ):
        return None
    term, grade, judged = parts
    words, grades = _grades()[grade]
    answers = ("yes",) if judged == RELATED else ANSWERS
    values = {"term": term, "grade": words}
    name = _("%(term)s, %(grade)s, related") if judged == RELATED else _("%(term)s, %(grade)s")
    counted = Counted("events", tuple(f"{term}|{each}|{answer}" for each in grades for answer in answers))
    return Measure(key, name % values, _events_definition(), counted, in_sums(counted))


def _grades() -> dict[str, tuple[str, tuple[str, ...]]]:
    """By the word of an address: what it is called, and the grades it holds."""
    one = {str(grade): (_("grade %(grade)s") % {"grade": grade}, (str(grade),)) for grade in GRADES}
    known = tuple(map(str, GRADES))
    return one | {
        "unknown": (_("without a grade"), ("unknown",)),
        "severe": (_("grade 3 or worse"), known[SEVERE - 1 :]),
        "any": (_("any grade"), (*known, "unknown")),
    }


def _events_definition() -> str:
    return _(
        "Each patient once a term, at the worst grade of any event of that term begun by the data cut-off. Related: "
        "the investigator judges a causal relation at least possible."
    )


def _end_reason(key: str, reason: str) -> Measure | None:
    if reason not in set(DispositionReason):
        return None
    name = _("Treatment ended: %(reason)s") % {"reason": word_of(reason)}
    counted = Counted("end_reason", (reason,))
    return Measure(key, name, _("The reason recorded at the end of treatment."), counted, in_sums(counted))


def _distribution(percentage: str, part: str, protocol: Protocol) -> Iterator[Measure]:
    prefix, subject, definition = (
        prefix_of(percentage, part),
        subject_of(percentage, part),
        definition_of(percentage),
    )
    figure = f"{percentage}:{part}"
    spans = {span.key: span for span in bins(protocol.adherence)}
    spans |= {band.value: span for band, span in band_limits(protocol.adherence).items()}
    spans |= {"below": Bin(None, protocol.adherence.good_percent), ALL: Bin(None, None)}
    for key, span in spans.items():
        name = _("%(measure)s: %(range)s") % {"measure": subject, "range": range_words(span)}
        where = inside(f"{prefix}_percent", span)
        yield Measure(f"{prefix}-{key}", name, definition, Counted(figure, span=span), where)
    name = _("%(measure)s: %(range)s") % {"measure": subject, "range": _("not evaluable")}
    none = Counted(figure, (NOT_EVALUABLE,))
    yield Measure(f"{prefix}-{NOT_EVALUABLE}", name, definition, none, in_sums(none))


def prefix_of(percentage: str, part: str) -> str:
    """Of the column and of the keys: "pdc" for the whole course, "pdc_extension"."""
    return percentage if part == COURSE else f"{percentage}_{part}"


def inside(column: str, span: Bin) -> Q:
    condition = Q(**{f"{column}__isnull": False})
    if span.from_percent is not None:
        condition &= Q(**{f"{column}__gte": span.from_percent})
    if span.to_percent is not None:
        condition &= Q(**{f"{column}__lt": span.to_percent})
    return condition


def range_words(span: Bin) -> str:
    """ "80 to under 85 %", the two open ends, and "evaluable" for whatever there is."""
    values = {"low": span.from_percent, "high": span.to_percent}
    if span.from_percent is None and span.to_percent is None:
        return _("evaluable")
    if span.from_percent is None:
        return _("under %(high)s %%") % values
    return (
        _("%(low)s %% and more") % values
        if span.to_percent is None
        else _("%(low)s to under %(high)s %%") % values
    )


def part_words(part: str) -> str:
    return {
        COURSE: _("Whole course"),
        "standard": word_of(Phase.STANDARD),
        "extension": word_of(Phase.EXTENSION),
    }[part]


def subject_of(percentage: str, part: str = COURSE) -> str:
    subject = {
        "pill_count": _("Adherence by pill count"),
        "pdc": _("Days covered (PDC)"),
        "rdi": _("Dose intensity (RDI)"),
    }[percentage]
    if part == COURSE:
        return subject
    return _("%(measure)s, %(part)s") % {
        "measure": subject,
        "part": part_words(part),
    }


def definition_of(percentage: str) -> str:
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
