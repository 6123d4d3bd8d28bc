"""What is said to a graded result: an event, a worse grade of one, or not clinically significant."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from adverse_events.services import answer_lab_grade
from clinic.forms.pages import LabGradeAnswerForm
from clinic.forms.refusals import add_refusal
from clinic.presenters import chart_url
from clinic.selectors.lab_proposals import ProposalLine, proposal_of
from clinic.views.pages import PatientPage


class AnswerLabGradeView(PatientPage):
    """One test of one patient; where nothing is asked any more, the chart shows why."""

    permission = Permission.RECORD_ADVERSE_EVENT
    template_name = "clinic/lab_grade_answer.html"

    def get(self, request: HttpRequest, test: str) -> HttpResponse:
        found = proposal_of(self.patient, test)
        return self.page(LabGradeAnswerForm(initial=_asked(found)), found) if found else self.answered()

    def post(self, request: HttpRequest, test: str) -> HttpResponse:
        found, form = proposal_of(self.patient, test), LabGradeAnswerForm(request.POST)
        if found is None:
            return self.answered()
        if not form.is_valid():
            return self.page(form, found)
        try:
            answer_lab_grade(by=request.user, patient=self.patient, test=test, **form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
            return self.page(form, found)
        messages.success(request, _("Answered. It is asked again if the result becomes worse."))
        return redirect(f"{chart_url(self.patient)}?tab=events")

    def answered(self) -> HttpResponse:
        messages.info(
            self.request, _("This result asks for nothing any more: an event or an answer covers it.")
        )
        return redirect(f"{chart_url(self.patient)}?tab=events")

    def page(self, form: LabGradeAnswerForm, found: ProposalLine) -> HttpResponse:
        return self.show(form=form, proposal=found)


def _asked(found: ProposalLine) -> dict[str, object]:
    """What the answer speaks of: the result as it was shown."""
    return {"collected_on": found.collected_on, "grade": found.grade}
