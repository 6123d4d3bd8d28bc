"""The ledger, for those who answer for the reminders; and the patient's own way out of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from accounts.access import may, require
from accounts.models import User
from accounts.permissions import Permission
from patients.models import Contact
from patients.services import opt_out
from protocol.codes import Language
from reminders import selectors
from reminders.filters import ReminderFilter
from reminders.forms import ActForm, MailChoiceForm, PreviewForm
from reminders.models import Notice, Reminder
from reminders.presenters import notice_rows, preview_lines
from reminders.rules.states import Act
from reminders.services import can, cancel, choose_mails, may_act, resend
from reminders.staff import matter_of
from reminders.tables import ReminderTable
from reminders.words import STATES, masked, reason_words, state_mark
from visits.words import visit_name

ACTS = {
    Act.RESEND: (resend, _("The mail goes out with the next sweep, within a minute or two.")),
    Act.CANCEL: (cancel, _("The mail is cancelled: it will not be sent.")),
}


class LedgerView(SingleTableMixin, FilterView):
    """What was planned, sent, failed and skipped, and why; whether reminders run; what goes out tomorrow."""

    table_class = ReminderTable
    filterset_class = ReminderFilter
    template_name = "reminders/reminder_list.html"
    paginate_by = 50

    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        require(request.user, Permission.VIEW_REMINDERS)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Reminder]:
        return selectors.ledger(self.request.user)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        user, now = self.request.user, timezone.now()
        tomorrow = selectors.tomorrow(now)
        counts = selectors.count_by_state(selectors.ledger(user))
        return super().get_context_data(
            reminder_health=selectors.health(now),
            counts=[(state, mark, counts[state]) for state, mark in STATES.items()],
            tomorrow=tomorrow,
            going_out_tomorrow=selectors.going_out(user, on=tomorrow).count(),
            notices=notice_rows(selectors.recent_notices(user)),
            incomplete_sites=selectors.sites_with_missing_lines(user),
            may_correct=may(user, Permission.CORRECT_RECORD),
            **kwargs,
        )


class MessageView(View):
    """One row whole: what it is to say and when, each attempt with the server's answer, and what people did to it."""

    template_name: str

    def get(self, request: HttpRequest, **key: int) -> HttpResponse:
        return self._page(request, self._row(request, key), ActForm())

    def post(self, request: HttpRequest, **key: int) -> HttpResponse:
        row = self._row(request, key)
        form = ActForm(request.POST)
        if not may_act(request.user, row):
            raise PermissionDenied
        if form.is_valid() and self._has_acted(request, row, form):
            return redirect(request.path)
        return self._page(request, row, form)

    def find(self, user: User, **key: int) -> Reminder | Notice | None:
        raise NotImplementedError

    def facts(self, row: Any) -> dict[str, object]:
        """What the page says of this kind of message."""
        raise NotImplementedError

    def _row(self, request: HttpRequest, key: dict[str, int]) -> Reminder | Notice:
        row = self.find(request.user, **key)
        if row is None:
            raise Http404
        return row

    def _has_acted(self, request: HttpRequest, row: Reminder | Notice, form: ActForm) -> bool:
        service, done = ACTS.get(request.POST.get("act", ""), ACTS[Act.CANCEL])
        try:
            service(by=request.user, message=row, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error)
            return False
        messages.success(request, done)
        return True

    def _page(self, request: HttpRequest, row: Reminder | Notice, form: ActForm) -> HttpResponse:
        is_allowed = may_act(request.user, row)
        page = {
            "message": row,
            "form": form,
            "has_errors": form.is_bound and bool(form.errors),
            "mark": state_mark(row),
            "why": reason_words(row),
            "can_resend": is_allowed and can(Act.RESEND, row),
            "can_cancel": is_allowed and can(Act.CANCEL, row),
            **self.facts(row),
        }
        return render(request, self.template_name, page)


class ReminderView(MessageView):
    """A message to a patient."""

    template_name = "reminders/reminder_detail.html"

    def find(self, user: User, **key: int) -> Reminder | None:
        return selectors.reminder_with_story(user, key["reminder"])

    def facts(self, row: Reminder) -> dict[str, object]:
        visit = visit_name(row.patient.protocol, row.visit.visit) if row.visit else ""
        return {"to": masked(row.recipient), "visit": visit}


class NoticeView(MessageView):
    """A message to somebody of the staff."""

    template_name = "reminders/notice_detail.html"

    def find(self, user: User, **key: int) -> Notice | None:
        return selectors.notice_with_story(user, key["notice"])

    def facts(self, row: Notice) -> dict[str, object]:
        return {"to": masked(row.user.email), "matter": matter_of(row)}


class MailChoiceView(View):
    """What somebody of the staff wants to get by mail."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request, self._form(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self._form(request, request.POST)
        # Unticked boxes are not posted: without its button an empty form would be a choice nobody made.
        if "save" not in request.POST or not form.is_valid():
            return self._page(request, form)
        chosen = form.instance
        choose_mails(by=request.user, digest=chosen.digest, escalations=chosen.escalations)
        messages.success(request, _("Saved: it counts from the next mail on."))
        return redirect("reminders:change_mails")

    def _form(self, request: HttpRequest, data: QueryDict | None = None) -> MailChoiceForm:
        kinds = selectors.kinds_for(request.user)
        return MailChoiceForm(data, instance=selectors.mail_choice(request.user), kinds=kinds)

    def _page(self, request: HttpRequest, form: MailChoiceForm) -> HttpResponse:
        return render(request, "reminders/mail_choice.html", {"form": form})


class PreviewView(View):
    """What goes out on a day, and why or why not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        require(request.user, Permission.VIEW_REMINDERS)
        form = PreviewForm({"on": request.GET.get("on") or selectors.tomorrow(timezone.now())})
        day = form.cleaned_data["on"] if form.is_valid() else selectors.tomorrow(timezone.now())
        lines = preview_lines(selectors.preview(request.user, day=day, on=timezone.localdate()))
        page = {"form": form, "day": day, "lines": lines, "has_errors": not form.is_valid()}
        return render(request, "reminders/preview.html", page)


@method_decorator([login_not_required, never_cache], name="dispatch")
# A mail program posts here by itself (RFC 8058) and has no token of ours: the one written exception.
@method_decorator(csrf_exempt, name="dispatch")
class OptOutView(View):
    """Looking changes nothing; pressing the button does, at once, and for good until the patient is asked again."""

    def get(self, request: HttpRequest, token: UUID) -> HttpResponse:
        return self._page(request, selectors.contact_with_token(token))

    def post(self, request: HttpRequest, token: UUID) -> HttpResponse:
        try:
            contact = opt_out(token)
        except Contact.DoesNotExist as error:
            raise Http404 from error
        return self._page(request, contact)

    def _page(self, request: HttpRequest, contact: Contact | None) -> HttpResponse:
        if contact is None:
            raise Http404
        language = contact.language or Language.KOREAN.value
        with override(language):
            page = render(
                request,
                "reminders/opt_out.html",
                {"language": language, "has_opted_out": contact.opted_out_at is not None},
            )
        page["Content-Language"] = language
        page["Referrer-Policy"] = "no-referrer"
        page["X-Robots-Tag"] = "noindex"
        return page
