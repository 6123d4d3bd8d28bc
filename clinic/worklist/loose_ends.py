"""Rows of what is not a visit of the day: supply, beginnings, events, results, queries, mails."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.permissions import Permission
from adverse_events.models import AdverseEvent
from clinic.models import Draft
from clinic.presenters import chart_url, event_url
from clinic.selectors.follow_up import Beginning
from clinic.selectors.lab_proposals import proposal_line
from clinic.worklist.asked import Asked
from clinic.worklist.rows import Act, Row, name_of
from courses.models import LabProposal
from dosing.models import DoseOrder
from dosing.selectors import IpGap, SupplyAtRisk
from patients.models import Patient
from patients.models.consent import Purpose
from patients.presenters import dose_words
from patients.selectors import ConsentDue
from protocol.codes import EligibilityVerdict
from reminders.models import Reminder
from reminders.rules.states import ReminderState
from reminders.words import reason_words
from review.models import Query
from review.words import KINDS, sentence_of
from visits.models import UNSCHEDULED, Assessment, Visit
from visits.selectors import ContactDue, ImagingDue
from visits.words import visit_name


def event_row(event: AdverseEvent, asked: Asked) -> Row:
    values = {"number": event.ae_no, "term": event.term, "grade": event.grade or "–"}
    why = [_("grade %(grade)s") % values]
    if event.serious:
        why.append(_("serious"))
        if event.aware_at is None:
            why.append(_("day of awareness missing"))
    return Row(
        name=f"event-{event.pk}",
        patient=event.patient,
        verb=_("Follow up adverse event %(number)s: %(term)s") % values,
        url=event_url(event),
        on=event.started_on,
        why=tuple(why),
        is_alarming=bool(event.serious),
    )


def assessment_row(event: AdverseEvent, asked: Asked) -> Row:
    values = {"number": event.ae_no, "term": event.term, "grade": event.grade or "–"}
    why = [_("grade %(grade)s") % values, _("serious") if event.serious else ""]
    return Row(
        name=f"assessment-{event.pk}",
        patient=event.patient,
        verb=_("Confirm the assessment of adverse event %(number)s: %(term)s") % values,
        url=reverse("clinic:confirm_assessment", args=[event.patient.uuid, event.ae_no]),
        on=event.started_on,
        why=tuple(filter(None, why)),
        is_alarming=bool(event.serious),
    )


def draft_row(draft: Draft, asked: Asked) -> Row:
    patient = draft.patient
    path = reverse("clinic:record_visit", args=[patient.uuid, draft.visit])
    if draft.on is not None:
        path = f"{path}?on={draft.on.isoformat()}"
    kept_at = timezone.localtime(draft.kept_at)
    return Row(
        name=f"draft-{draft.pk}",
        patient=patient,
        verb=_("Draft of %(visit)s visit") % {"visit": visit_name(patient.protocol, draft.visit)},
        url=path if asked.may(Permission.RECORD_VISIT, patient) else chart_url(patient),
        on=kept_at.date(),
        why=(_("not saved, kept at %(when)s") % {"when": kept_at.strftime("%Y-%m-%d %H:%M")},),
    )


def supply_row(found: SupplyAtRisk, asked: Asked) -> Row:
    visit, patient, ran_out = found.next_visit, found.patient, found.shortage
    values = {"visit": visit_name(patient.protocol, visit.visit), "mg": ran_out.dose_mg}
    verb = _("Move %(visit)s visit forward") if visit.booked_on else _("Book %(visit)s visit in time")
    why = [_tablets_until(found.runs_out_on, asked.scope.on), *_next_visit_words(found)]
    if ran_out.is_of_strength:
        why.append(_("%(mg)s mg cannot be made up of the tablets there are") % values)
    return Row(
        name=f"supply-{patient.uuid}",
        patient=patient,
        verb=verb % values,
        url=_visit_or_chart("book_visit", patient, visit.visit, asked),
        on=found.runs_out_on,
        why=tuple(why),
        is_alarming=found.runs_out_on <= asked.scope.on,
    )


def _next_visit_words(found: SupplyAtRisk) -> Iterator[str]:
    if found.next_visit.booked_on:
        yield _("booked for %(day)s") % {"day": date_format(found.next_visit.booked_on)}
    elif found.next_closes_on:
        yield _("not booked, window to %(day)s") % {"day": date_format(found.next_closes_on)}


def _tablets_until(runs_out_on: date, on: date) -> str:
    day = {"day": date_format(runs_out_on)}
    return (_("no tablets since %(day)s") if runs_out_on <= on else _("no tablets from %(day)s")) % day


def gap_row(found: IpGap, asked: Asked) -> Row:
    patient, transition = found.patient, found.patient.protocol.transition
    values = {"visit": visit_name(patient.protocol, transition.code)}
    is_over = found.gap is not None and found.gap.until is not None
    if is_over:
        verb, url = _("Ask about the days before the study drug"), chart_url(patient)
    elif found.gap is not None:
        verb = _("Hand out the study drug: record %(visit)s visit") % values
        url = _visit_or_chart("record_visit", patient, transition.code, asked)
    else:
        verb = _("Book %(visit)s visit in time") % values
        url = _visit_or_chart("book_visit", patient, transition.code, asked)
    return Row(
        name=f"transition-{patient.uuid}",
        patient=patient,
        verb=verb,
        url=url,
        on=found.runs_out_on,
        why=tuple(_gap_words(found, asked.scope.on)),
        is_alarming=found.gap is not None and not is_over,
    )


def _gap_words(found: IpGap, on: date) -> Iterator[str]:
    if found.gap is None:
        yield _tablets_until(found.runs_out_on, on)
        if found.closes_on:
            yield _("window to %(day)s") % {"day": date_format(found.closes_on)}
        return
    days = found.gap.days
    yield ngettext("%(days)d day without tablets", "%(days)d days without tablets", days) % {"days": days}
    if found.gap.until is None:
        yield _("no study drug yet")


def beginning_row(found: Beginning, asked: Asked) -> Row:
    patient = found.patient
    page, verb, why = _first_step(found)
    needed = Permission.ENROL_PATIENT if found.verdict else Permission.ORDER_DOSE
    path = reverse(f"clinic:{page}", args=[patient.uuid])
    url = path if asked.may(needed, patient) else chart_url(patient)
    return Row(f"beginning-{patient.uuid}", patient, verb, url, on=found.on, why=(why,))


def _first_step(found: Beginning) -> tuple[str, str, str]:
    """Page, verb and reason of what comes next on the way in."""
    match found.verdict:
        case EligibilityVerdict.ELIGIBLE:
            return "enrol_patient", _("Enrol patient"), _("eligible, not enrolled")
        case EligibilityVerdict.INCOMPLETE:
            return "enrol_patient", _("Complete the screening"), _("facts of screening are missing")
        case EligibilityVerdict.NOT_ELIGIBLE:
            return "close_screening", _("Close the screening"), _("not eligible, and still in screening")
    why = _("enrolled, first dose was due") if found.on else _("enrolled, no first dose planned")
    return "order_dose", _("Order the first dose"), why


def consent_row(found: ConsentDue, asked: Asked) -> Row:
    patient, purpose = found.patient, {"purpose": Purpose(found.purpose).label}
    may_enter = asked.may(Permission.ENROL_PATIENT, patient)
    return Row(
        name=f"consent-{patient.uuid}-{found.purpose}",
        patient=patient,
        verb=_("Have the consent signed: %(purpose)s") % purpose,
        url=reverse("clinic:consents", args=[patient.uuid]) if may_enter else chart_url(patient),
        on=found.due_on,
        why=tuple(filter(None, [_(found.why), found.version])),
    )


def call_row(found: ContactDue, asked: Asked) -> Row:
    visit = found.visit
    values = {"visit": name_of(visit)}
    why = [_did_not_come(found)]
    if found.is_lost_proposed:
        why.append(_("decide whether the patient is lost to follow-up"))
    return Row(
        name=f"call-{visit.uuid}",
        patient=visit.patient,
        verb=_("Call about %(visit)s visit") % values,
        url=_visit_or_chart("record_contact", visit.patient, visit.visit, asked),
        on=found.due_on,
        why=tuple(why),
        is_alarming=found.is_lost_proposed,
    )


def _did_not_come(found: ContactDue) -> str:
    made = len(found.attempts)
    if not made:
        return _("did not come, nobody has called yet")
    return ngettext("called %(count)d time", "called %(count)d times", made) % {"count": made}


def imaging_row(found: ImagingDue, asked: Asked) -> Row:
    patient = found.patient
    may_record = asked.may(Permission.RECORD_OUTCOME, patient)
    path = reverse("clinic:record_outcome", args=[patient.uuid])
    why = [_("was to be done around %(day)s") % {"day": date_format(found.target_on)}]
    if found.last_on is not None:
        why.append(_("last assessment on %(day)s") % {"day": date_format(found.last_on)})
    if found.is_gap:
        why.append(_("nobody has looked for longer than the protocol allows"))
    return Row(
        name=f"imaging-{patient.uuid}",
        patient=patient,
        verb=_("Record the scan of %(visit)s") % {"visit": visit_name(patient.protocol, found.code)},
        url=f"{path}?kind=DISEASE_FREE" if may_record else chart_url(patient),
        on=found.target_on,
        why=tuple(why),
        is_alarming=found.is_gap,
    )


def labs_row(assessment: Assessment, asked: Asked) -> Row:
    visit = assessment.visit
    return Row(
        name=f"labs-{visit.uuid}",
        patient=visit.patient,
        verb=_("Enter laboratory results of %(visit)s") % {"visit": name_of(visit)},
        url=_labs_or_chart(visit, asked),
        on=visit.occurred_on,
        why=(_("results pending"),),
    )


def graded_row(found: LabProposal, asked: Asked) -> Row:
    patient, line = found.patient, proposal_line(found)
    path = reverse("clinic:answer_lab_grade", args=[patient.uuid, found.test])
    return Row(
        name=f"graded-{patient.uuid}-{found.test}",
        patient=patient,
        verb=_("Answer: is it an adverse event? %(term)s") % {"term": line.term},
        url=path if asked.may(Permission.RECORD_ADVERSE_EVENT, patient) else chart_url(patient),
        on=found.collected_on,
        why=(line.sentence,),
    )


def order_row(order: DoseOrder, asked: Asked) -> Row:
    """Whoever may decide confirms it; for others it is a doctor to ask."""
    patient, said = order.patient, {"dose": dose_words(order.pattern_mg)}
    may_decide = asked.may(Permission.DECIDE_DOSE, patient)
    ledger = reverse("clinic:dosing", args=[patient.uuid])
    verb = _("Confirm the order: %(dose)s") if may_decide else _("Have the order confirmed: %(dose)s")
    return Row(
        name=f"order-{order.pk}",
        patient=patient,
        verb=verb % said,
        url=reverse("clinic:confirm_order", args=[patient.uuid, order.pk]) if may_decide else ledger,
        on=order.from_on,
        why=(_("provisional until an investigator confirms it"),),
    )


def query_row(query: Query, asked: Asked) -> Row:
    kind = KINDS.get(query.code, query.code)
    return Row(
        name=f"query-{query.pk}",
        patient=query.patient,
        verb=_("Answer query: %(kind)s") % {"kind": kind},
        url=chart_url(query.patient),
        on=timezone.localdate(query.opened_at, settings.CLINIC_ZONE),
        why=(sentence_of(query.code, query.detail),),
    )


def mail_row(reminder: Reminder, asked: Asked) -> Row:
    patient, day = reminder.patient, {"day": date_format(reminder.appointment_on)}
    verb = _("See why the mail for %(day)s did not go out")
    url = reverse("reminders:reminder", args=[reminder.pk])
    contact = getattr(patient, "contact", None)
    if contact is not None and contact.is_refused and asked.may(Permission.ENROL_PATIENT, patient):
        verb = _("Check the address: the mail for %(day)s was refused")
        url = reverse("clinic:change_contact", args=[patient.uuid])
    elif reminder.state == ReminderState.FAILED and asked.may(Permission.MANAGE_REMINDERS, patient):
        verb = _("Send the mail for %(day)s again")
    return Row(
        name=f"mail-{reminder.pk}",
        patient=patient,
        verb=verb % day,
        url=url,
        on=reminder.due_on,
        why=tuple(filter(None, [reason_words(reminder)])),
        acts=(Act(_("Chart"), chart_url(patient)),),
    )


def _visit_or_chart(name: str, patient: Patient, code: str, asked: Asked) -> str:
    if not asked.may(Permission.RECORD_VISIT, patient):
        return chart_url(patient)
    return reverse(f"clinic:{name}", args=[patient.uuid, code])


def _labs_or_chart(visit: Visit, asked: Asked) -> str:
    """Unscheduled visits are told apart by their day."""
    address = _visit_or_chart("record_labs", visit.patient, visit.visit, asked)
    may_enter = asked.may(Permission.RECORD_VISIT, visit.patient)
    return f"{address}?on={visit.occurred_on}" if may_enter and visit.visit == UNSCHEDULED else address
