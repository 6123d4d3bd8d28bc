"""Call a patient who did not come, and write down what came of it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from clinic.forms.calendar import ContactForm
from clinic.forms.refusals import add_refusal
from clinic.selectors.consultation import visit_of
from clinic.views.pages import PatientPage
from visits.models import UNSCHEDULED, Visit
from visits.selectors import contact_of
from visits.services import record_contact
from visits.words import visit_name


class RecordContactView(PatientPage):
    """The attempts so far stand above the next one; "lost to follow-up" is proposed here and recorded elsewhere."""

    permission = Permission.RECORD_VISIT
    template_name = "clinic/contact_record.html"

    def get(self, request: HttpRequest, visit: str) -> HttpResponse:
        return self.page(self.visit(visit), ContactForm(initial={"on": self.on}))

    def post(self, request: HttpRequest, visit: str) -> HttpResponse:
        row, form = self.visit(visit), ContactForm(request.POST)
        if form.is_valid():
            try:
                record_contact(by=request.user, visit=row, **form.cleaned_data)
            except ValidationError as error:
                add_refusal(form, error)
            else:
                messages.success(request, _("The attempt is recorded."))
                return redirect("clinic:record_contact", self.patient.uuid, row.visit)
        return self.page(row, form)

    def visit(self, code: str) -> Visit:
        row = visit_of(self.patient, code) if code != UNSCHEDULED else None
        if row is None or row.target_on is None:
            raise Http404
        return row

    def page(self, row: Visit, form: ContactForm) -> HttpResponse:
        name = visit_name(self.patient.protocol, row.visit)
        contact = contact_of(self.patient, row, on=self.on)
        return self.show(
            form=form, visit=row, name=name, contact=contact, rule=self.patient.protocol.follow_up
        )
