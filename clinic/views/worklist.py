"""The nurse's home: whom next?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.permissions import Permission, may, require
from clinic.forms.worklist import WorklistFilter
from clinic.presenters import event_row, headings, labs_row, mail_row, visit_row
from clinic.rules.worklist import Section
from clinic.selectors.follow_up import open_events, pending_labs, unsent_mails
from clinic.selectors.worklist import visit_items


class WorklistView(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        require(user, Permission.VIEW_WORKLIST)
        form = WorklistFilter(request.GET, user=user)
        scope = form.scope(timezone.localdate())
        may_record = may(user, Permission.RECORD_VISIT)
        may_change = may(user, Permission.RECORD_ADVERSE_EVENT)
        rows = [(item.section, visit_row(item, may_record=may_record)) for item in visit_items(user, scope)]
        follow_up = [event_row(event, may_change=may_change) for event in open_events(user, scope)]
        follow_up += [labs_row(labs, may_record=may_record) for labs in pending_labs(user, scope)]
        follow_up += [mail_row(reminder) for reminder in unsent_mails(user, scope)]
        rows += [(Section.FOLLOW_UP, row) for row in follow_up]
        context = {"form": form, "scope": scope, "headings": headings(rows)}
        return render(request, "clinic/worklist.html", context)
