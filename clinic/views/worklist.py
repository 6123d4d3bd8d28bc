"""The nurse's home: whom next?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.access import may, require
from accounts.permissions import Permission
from clinic.forms.worklist import WorklistFilter
from clinic.presenters import follow_up_heading, visit_headings
from clinic.selectors.follow_up import open_events, pending_labs, unsent_mails
from reminders.selectors import health
from visits.selectors import visit_items


class WorklistView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        require(user, Permission.VIEW_WORKLIST)
        form = WorklistFilter(request.GET, user=user)
        scope = form.scope(timezone.localdate())
        may_write = may(user, Permission.RECORD_VISIT)
        loose_ends = (open_events(user, scope), pending_labs(user, scope), unsent_mails(user, scope))
        headings = [
            *visit_headings(visit_items(user, scope), may_write=may_write),
            follow_up_heading(*loose_ends, may_write=may_write),
        ]
        page = {"form": form, "scope": scope, "headings": headings, "reminder_health": health(timezone.now())}
        return render(request, "clinic/worklist.html", page)
