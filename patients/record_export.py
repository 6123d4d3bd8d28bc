"""Records taken out of the admin site: whole lists as they are filtered, for those who may export."""

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV
from import_export.forms import ExportForm

from accounts.admin_site import granted
from accounts.permissions import Permission
from audit.exports import Workbook, csv_lines, resource_of

MOST_ROWS_OF_A_WORKBOOK = 50_000
log = logging.getLogger(__name__)


class RecordExport(ExportMixin):
    """`export_paths`: columns of other records that a table needs beside its own."""

    can_be_exported = True
    export_paths: Mapping[str, str] = MappingProxyType({"subject_id": "patient__subject_id"})
    export_form_class = ExportForm
    export_template_name = "admin/record_export.html"
    formats = [CSV, Workbook]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.can_be_exported and Permission.EXPORT_DATA in granted(request)

    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [resource_of(self.model, self.export_paths)]

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[int]:
        return []  # whole lists as filtered, never a choice of rows sent by the browser

    def export_action(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    def _do_file_export(
        self, file_format: Any, request: HttpRequest, queryset: QuerySet[Any], export_form: Any = None
    ) -> Any:
        """A CSV file goes out while it is read; a workbook has to be whole first, so its length is limited."""
        if isinstance(file_format, Workbook) and queryset.count() > MOST_ROWS_OF_A_WORKBOOK:
            values = {"rows": MOST_ROWS_OF_A_WORKBOOK}
            raise ValueError(_("More than %(rows)s rows: narrow the list, or take CSV.") % values)
        log.info("export: %s took %s", request.user.get_username(), self.opts.label)
        if not isinstance(file_format, CSV):
            return super()._do_file_export(file_format, request, queryset, export_form)
        rows = self.choose_export_resource_class(export_form, request)().rows(queryset)
        name = self.get_export_filename(request, queryset, file_format)
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(csv_lines(rows), content_type="text/csv; charset=utf-8", headers=headers)
