"""Data taken out through the browser, by those who may, and only of their own sites."""

import logging

from django.http import HttpRequest, StreamingHttpResponse
from django.utils import timezone
from django.views import View

from accounts.access import require
from accounts.permissions import Permission
from audit.exports import csv_lines
from exchange.rules import cells
from exchange.rules.faults import CellFault
from exchange.selectors import survival_rows

log = logging.getLogger(__name__)


class ExportSurvivalView(View):
    """`?as_of=DATE`; without a day that can be read: today."""

    def get(self, request: HttpRequest) -> StreamingHttpResponse:
        require(request.user, Permission.EXPORT_DATA)
        try:
            day = cells.day(request.GET.get("as_of", ""))
        except CellFault:
            day = timezone.localdate()
        log.info("export: %s took survival", request.user.get_username())
        headers = {"Content-Disposition": f'attachment; filename="survival-{day.isoformat()}.csv"'}
        lines = csv_lines(survival_rows(request.user, on=day))
        return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=headers)
