"""Queries and cautions in the words of those who answer them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from patients.words import word_of

SENTENCES: dict[str, str | Promise] = {
    "LAB_UNIT_NOT_GRADED": _("Results of %(test)s in “%(unit)s” get no grade: which unit is meant?"),
    "SUPPLY_PHASE_MISMATCH": _(
        "Kit %(kit)s (%(source)s) does not fit the phase: the extension begins on %(boundary)s."
    ),
    "OVERUSE": _("%(percent)s %% of the tablets ordered are gone: were all of them taken?"),
    "SUPPLY_GAP": _(
        "%(days)s dosing days without tablets before the study drug, from %(from_on)s to %(to_on)s: what was taken?"
    ),
    "HOLD_OVER_TOTAL": _(
        "On hold for %(days)s days in all; the protocol allows %(limit)s in the whole course."
    ),
    "ELIGIBILITY_BOUNDARY": _(
        "Criterion %(criterion)s: the value lies exactly on the limit, and so is not met."
    ),
    "DOSE_BELOW_MINIMUM_NOT_TOXICITY": _(
        "A mean of %(mean_daily_mg)s mg a day before enrolment, not for toxicity (%(reason)s): why?"
    ),
    "GRADE_5_WITHOUT_DEATH": _("Adverse event %(ae_no)s has grade 5, but death is not among its criteria."),
    "EVENT_END_AND_OUTCOME": _(
        "Adverse event %(ae_no)s: its end date and its outcome (%(outcome)s) do not agree."
    ),
    "IMAGING_GAP": _(
        "No assessment of the disease between %(from_on)s and %(to_on)s: is there a scan that is not recorded?"
    ),
    "EMAIL_UNUSABLE": _("Reminders are wanted, but no mail can reach the address."),
    "TOXICITY_WITHOUT_EVENT": _(
        "The order of %(from_on)s is for toxicity and names no adverse event: which one was it for?"
    ),
    "REDUCED_WITHOUT_ORDER": _(
        "Adverse event %(ae_no)s says “%(action)s”, but no lower dose is ordered from its start on."
    ),
    "INTERRUPTED_WITHOUT_HOLD": _(
        "Adverse event %(ae_no)s says “%(action)s”, but there was no hold while it lasted."
    ),
    "WITHDRAWN_WITHOUT_END": _(
        "Adverse event %(ae_no)s says “%(action)s”, but treatment has not ended: when was the last dose?"
    ),
    "INCREASED_WITHOUT_ORDER": _(
        "Adverse event %(ae_no)s says “%(action)s”, but no higher dose is ordered from its start on."
    ),
    "ORDER_SAYS_CHANGED": _(
        "Adverse event %(ae_no)s says “%(action)s”, but a hold or a lower dose was ordered because of it."
    ),
    "COURSE_PAST_STUDY_END": _(
        "The planned course ends on %(planned_end_on)s, after the study ends (%(completes_on)s)."
    ),
    "D842V_NOT_TESTED": _("PDGFRA D842V was not tested."),
}
KINDS: dict[str, str | Promise] = {
    "LAB_UNIT_NOT_GRADED": _("Laboratory unit"),
    "SUPPLY_PHASE_MISMATCH": _("Supply and phase"),
    "OVERUSE": _("More tablets than ordered"),
    "SUPPLY_GAP": _("Gap at the change of supply"),
    "HOLD_OVER_TOTAL": _("Holds over the limit"),
    "ELIGIBILITY_BOUNDARY": _("Eligibility, on the limit"),
    "DOSE_BELOW_MINIMUM_NOT_TOXICITY": _("Low dose before enrolment"),
    "GRADE_5_WITHOUT_DEATH": _("Grade 5 without death"),
    "EVENT_END_AND_OUTCOME": _("End and outcome of an event"),
    "EMAIL_UNUSABLE": _("E-mail address"),
    "IMAGING_GAP": _("Gap between scans"),
    "TOXICITY_WITHOUT_EVENT": _("Toxicity without an event"),
    "REDUCED_WITHOUT_ORDER": _("Adverse event and doses"),
    "INTERRUPTED_WITHOUT_HOLD": _("Adverse event and doses"),
    "WITHDRAWN_WITHOUT_END": _("Adverse event and doses"),
    "INCREASED_WITHOUT_ORDER": _("Adverse event and doses"),
    "ORDER_SAYS_CHANGED": _("Adverse event and doses"),
}
CODED = ("source", "reason", "outcome", "test", "action")  # details that are codes of a list
DAYS = ("from_on", "to_on", "boundary", "completes_on", "planned_end_on")  # in ISO 8601


def sentence_of(code: str, detail: dict[str, str]) -> str:
    """What is asked, in the reader's language; a detail that is missing is left blank rather than failing the page."""
    values = {name: _shown(name, value) for name, value in detail.items()}
    return str(SENTENCES.get(code, code)) % _Blank(values)


def _shown(name: str, value: str) -> str:
    if name in DAYS and value:
        return date_format(date.fromisoformat(value))
    return word_of(value) if name in CODED else value


class _Blank(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ""
