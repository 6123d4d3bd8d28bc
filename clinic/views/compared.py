"""What was typed beside what is stored: a correction before it is saved, and a page that somebody has saved over."""

from django.http import HttpResponse
from django.urls import reverse

from clinic.differences import Difference, differences, is_same_submission
from clinic.forms.compared import MINE, THEIRS, Choice, choices_of, kept_fields, mark_of_changes, merged
from clinic.forms.consultation import ConsultationForms
from clinic.forms.echo import Echo, echo_of
from clinic.forms.labs import LabsForms
from clinic.selectors.consultation import visit_of
from clinic.services import VisitEntry
from clinic.views.pages import PatientPage
from visits.models import UNSCHEDULED, Visit
from visits.selectors.day import was_recorded_at


class CorrectionPage(PatientPage):
    """Nothing typed is lost: it is sent on with the page, and comes back into the form from there."""

    def correction(self, forms: ConsultationForms | LabsForms, changes: list[Difference]) -> HttpResponse:
        """Every change, old and new, and the one question why."""
        return self.show(
            "clinic/visit_correct.html",
            forms=forms,
            consultation=forms.consultation,
            kept=kept_fields(forms.typed),
            changes=changes,
            mark=mark_of_changes(changes),
            has_errors=bool(forms.confirm.errors),
        )


class ComparedPages(CorrectionPage):
    """The page of a whole visit, which somebody else may have saved meanwhile."""

    def same_unscheduled(self, forms: ConsultationForms, entry: VisitEntry) -> Visit | None:
        """An unscheduled visit of that day that is there already: perhaps this very page, sent twice."""
        is_new = forms.consultation.visit is None
        return visit_of(self.patient, UNSCHEDULED, entry.occurred_on) if is_new else None

    def overtaken(self, forms: ConsultationForms, stored: Visit) -> HttpResponse:
        """A page that somebody has saved over is told so, whatever else is wrong with it."""
        if forms.is_valid():
            return self.conflict(forms, forms.entry(), echo_of(forms), stored)
        return self.compared(forms, stored, None)

    def conflict(
        self, forms: ConsultationForms, entry: VisitEntry, echo: Echo, stored: Visit
    ) -> HttpResponse:
        if is_same_submission(self.patient, stored, entry, self.request.user):
            return self.saved(forms.consultation, entry, echo)
        return self.compared(forms, stored, differences(self.patient, stored, entry))

    def compared(
        self,
        forms: ConsultationForms,
        stored: Visit,
        found: list[Difference] | None,
        *,
        has_errors: bool = False,
    ) -> HttpResponse:
        address = reverse("clinic:record_visit", args=[self.patient.uuid, stored.visit])
        day = f"?on={stored.occurred_on.isoformat()}" if stored.visit == UNSCHEDULED else ""
        page = {
            "consultation": forms.consultation,
            "stored": stored,
            "choices": None if found is None else self.choices(forms, stored, found),
            "kept": kept_fields(forms.typed),
            "address": address + day,
            "has_errors": has_errors,
        }
        return self.show("clinic/visit_conflict.html", status=409, **page)

    def choices(self, forms: ConsultationForms, stored: Visit, found: list[Difference]) -> list[Choice]:
        was_new = not was_recorded_at(stored, forms.values(forms.day).get("revision"))
        return choices_of(found, self.request.POST, was_new=was_new)

    def merge(self, forms: ConsultationForms) -> HttpResponse:
        """Saved as chosen field by field, unless a third person was quicker or something is left unsaid."""
        stored = forms.consultation.visit
        seen = self.request.POST.get("seen_revision", "")
        if stored is None or not forms.is_valid() or str(stored.revision) != seen:
            return self.overtaken(forms, stored) if stored else self.page(forms)
        found = differences(self.patient, stored, forms.entry())
        choices = self.choices(forms, stored, found)
        if any(choice.chosen not in (MINE, THEIRS) for choice in choices):
            return self.compared(forms, stored, found, has_errors=True)
        theirs = {choice.difference.part for choice in choices if choice.chosen == THEIRS}
        data = merged(forms, theirs, stored.revision)
        return self.save(ConsultationForms(forms.consultation, data, on=self.on))
