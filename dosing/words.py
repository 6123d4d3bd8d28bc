"""Advice on the dose in words: what the table proposes, what an act is called, what follows from it."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dosing.rules.kits import expires_too_early
from dosing.rules.modification import DoseAct, ReEscalation
from dosing.selectors import EventProposal
from protocol.definition import LabelNote, Protocol

ACTS: dict[str, str | Promise] = {
    DoseAct.REDUCE: gettext_lazy("Reduce the dose"),
    DoseAct.HOLD: gettext_lazy("Hold imatinib"),
    DoseAct.RESUME: gettext_lazy("Resume imatinib"),
    DoseAct.RE_ESCALATE: gettext_lazy("Raise the dose again"),
    DoseAct.STOP: gettext_lazy("Stop treatment"),
}
_PROPOSALS: dict[str, str | Promise] = {
    "CONTINUE": gettext_lazy("%(event)s, occurrence %(occurrence)s: continue at the same dose."),
    "HOLD_RESUME_SAME": gettext_lazy(
        "%(event)s, occurrence %(occurrence)s: hold, and resume at %(dose)s mg when it is over."
    ),
    "HOLD_RESUME_REDUCED": gettext_lazy(
        "%(event)s, occurrence %(occurrence)s: hold, and resume at %(dose)s mg when it is over."
    ),
    "HOLD_PI_DECISION": gettext_lazy(
        "%(event)s, occurrence %(occurrence)s: hold; resume at %(dose)s mg only if the principal investigator "
        "decides so, otherwise discontinue."
    ),
    "DISCONTINUE": gettext_lazy("%(event)s, occurrence %(occurrence)s: discontinue imatinib."),
}


def proposal_words(row: EventProposal) -> str:
    event = _("%(term)s (adverse event %(number)s)") % {"term": row.event.term, "number": row.event.ae_no}
    values = {"event": event, "occurrence": row.proposal.occurrence, "dose": row.proposal.resume_dose_mg}
    return str(_PROPOSALS[row.proposal.action]) % values


def table_source(protocol: Protocol) -> str:
    return _("Dose-modification table, protocol version %(number)s") % {"number": protocol.edition.number}


def note_words(note: LabelNote) -> str:
    return note.text_ko if (get_language() or "").startswith("ko") else note.text_en


def re_escalation_words(back: ReEscalation, days: int) -> str:
    if back.since is None or back.allowed_on is None:
        return _("An adverse event of grade 2 or more still goes on: raise the dose when it is over.")
    values = {"since": date_format(back.since), "day": date_format(back.allowed_on), "days": days}
    if back.is_allowed:
        return _("At grade 1 or less since %(since)s: the %(days)s days asked for have passed.") % values
    return _("At grade 1 or less since %(since)s: the dose may be raised from %(day)s on.") % values


def expiry_words(kit_id: str, expires_on: date | None, until: date | None) -> Iterator[str]:
    """A warning where a kit does not keep to the end of the days it is handed out for."""
    if expires_too_early(expires_on, until):
        values = {"kit": kit_id, "expires": date_format(expires_on), "until": date_format(until)}
        yield (
            _(
                "Kit %(kit)s expires on %(expires)s, before the window of the next visit ends on %(until)s: "
                "hand out another, or exchange it in time."
            )
            % values
        )


def what_follows(act: str, protocol: Protocol, on: date, *, may_decide: bool) -> Iterator[str]:
    """What an act brings with it, said before it is done."""
    regimen = protocol.regimen
    if act == DoseAct.HOLD:
        values = {
            "alert": date_format(on + timedelta(days=regimen.hold_alert_days)),
            "alert_days": regimen.hold_alert_days,
            "limit": date_format(on + timedelta(days=regimen.hold_limit_days)),
            "limit_days": regimen.hold_limit_days,
            "total_days": regimen.hold_limit_total_days,
        }
        yield (
            _(
                "No tablets are expected until it is resumed. Flagged after %(alert_days)s days (%(alert)s); "
                "the limit is %(limit_days)s days (%(limit)s), and %(total_days)s days in the whole course."
            )
            % values
        )
    if act in (DoseAct.REDUCE, DoseAct.RESUME, DoseAct.RE_ESCALATE):
        yield _("Tablets, adherence and dose intensity are counted by the new order from its first day on.")
        yield _(
            "A mean dose under %(mg)s mg is flagged until the principal investigator acknowledges it."
        ) % {"mg": regimen.minimum_dose_mg}
    if not may_decide:
        yield _("Your order is provisional until an investigator confirms it.")
