"""One adverse event in full: its grades, how long it lasted and what was judged."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from accounts.access import may
from accounts.models import User
from accounts.permissions import Permission
from adverse_events.models import AdverseEvent, EventGrade
from adverse_events.rules.ctcae import Term, find_term
from adverse_events.rules.facts import Assessment
from adverse_events.rules.history import Duration, duration
from adverse_events.selectors import assessment_before, doubts_about
from patients.words import word_of
from protocol.partial_days import PartialDay


@dataclass(frozen=True, slots=True)
class GradeLine:
    """A step of the history; `pk` None: the first, or one that is no record of its own. `text`: its criteria."""

    grade: int
    text: str
    since: PartialDay
    until: PartialDay | None
    pk: int | None


@dataclass(frozen=True, slots=True)
class JudgementLine:
    """One judgement in words: as it stood before it became provisional, and as it stands."""

    label: str
    before: str
    now: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.now


@dataclass(frozen=True, slots=True)
class EventPage:
    event: AdverseEvent
    term: Term | None
    duration: Duration | None
    grades: tuple[GradeLine, ...]
    judgements: tuple[JudgementLine, ...]
    doubts: tuple[str, ...]
    may_change: bool
    may_confirm: bool


def event_page(user: User, event: AdverseEvent, *, on: date) -> EventPage:
    """Of an event of a patient whom the user may see: that was decided by the caller."""
    site = event.patient.site
    term = find_term(event.term, event.dictionary_version)
    return EventPage(
        event=event,
        term=term,
        duration=duration(event.start, event.end, on=on),
        grades=_grades(event, term),
        judgements=judgements(event),
        doubts=tuple(doubts_about(event)),
        may_change=may(user, Permission.RECORD_ADVERSE_EVENT, site),
        may_confirm=event.is_provisional and may(user, Permission.CONFIRM_ASSESSMENT, site),
    )


def judgements(event: AdverseEvent) -> tuple[JudgementLine, ...]:
    """Every judgement, with what it was before; "–" where nobody has judged."""
    before = assessment_before(event) if event.is_provisional else event.assessment
    old, new = _in_words(before or Assessment()), _in_words(event.assessment)
    return tuple(JudgementLine(label, old[label], new[label]) for label in new)


def _in_words(assessment: Assessment) -> dict[str, str]:
    serious = ", ".join(word_of(criterion) for criterion in assessment.serious)
    return {
        _("Related to imatinib"): word_of(assessment.causality) or "–",
        _("Serious because of"): serious or _("not serious"),
        _("Expectedness"): word_of(assessment.expectedness) or "–",
        _("Action taken with imatinib"): word_of(assessment.action_taken) or "–",
    }


def _grades(event: AdverseEvent, term: Term | None) -> tuple[GradeLine, ...]:
    """The latest first; the first step is changed with the event, so it has no address of its own."""
    rows: list[EventGrade] = list(event.grades.all())
    texts = term.grade_texts if term else {}
    ends = [*(step.since for step in event.history[1:]), event.end]
    pks = [None, *(row.pk for row in rows[1:])]
    lines = [
        GradeLine(step.grade, texts.get(step.grade, ""), step.since, end, pk)
        for step, end, pk in zip(event.history, ends, pks, strict=False)
    ]
    return tuple(reversed(lines))
