"""The nurse's home: whom next?"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from accounts.access import require
from accounts.permissions import Permission
from clinic.forms.worklist import WorklistFilter
from clinic.worklist.asked import Asked
from clinic.worklist.parts import page_of, source_of, worklist
from protocol.days import ONE_DAY
from reminders.selectors import health, undelivered


class WorklistView(View):
    """The day, part by part, each as far as it fits."""

    template_name = "clinic/worklist.html"

    def get(self, request: HttpRequest, **place: str) -> HttpResponse:
        require(request.user, Permission.VIEW_WORKLIST)
        form = WorklistFilter(request.GET, user=request.user)
        asked = Asked(request.user, form.scope(timezone.localdate()), timezone.now())
        page = {
            "form": form,
            "scope": asked.scope,
            "shows_sites": "site" in form.fields,
            "query": form.query(),
            "day_before": form.query(asked.scope.on - ONE_DAY),
            "day_after": form.query(asked.scope.on + ONE_DAY),
            "seen_at": timezone.localtime(),
            "reminder_health": health(timezone.now()),
            "undelivered": undelivered(request.user),
            **self.found(asked, **place),
        }
        return render(request, self.template_name, page)

    def found(self, asked: Asked) -> dict[str, Any]:
        return {"worklist": worklist(asked)}


class WorklistPartView(WorklistView):
    """All rows of one part."""

    template_name = "clinic/worklist_part.html"

    def found(self, asked: Asked, part: str) -> dict[str, Any]:
        source = source_of(part)
        if source is None:
            raise Http404
        rows, page = page_of(source, asked, self.request.GET.get("page"))
        return {"part": rows, "page": page}
