"""The admin pages of everything that belongs to a patient: a data manager's sites, one service, one export."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Field, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from import_export.admin import ExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm

from accounts.admin_site import granted
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.admin import ReasonedAdmin
from audit.exports import resource_of
from audit.history import plain_decimal
from patients.corrections import add_record, correct_record, patient_of
from patients.models import Patient
from patients.saving import lock_patient
from patients.words import word_of

log = logging.getLogger(__name__)
Column = Callable[[Any, Any], object]


def _reach(record: Any, path: str) -> Any:
    for name in path.split("__"):
        record = getattr(record, name, None)
    return record


def plain_column(path: str, description: Any) -> Column:
    """A column of another record's value under the name people know it by."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> str:
        return str(_reach(record, path) or "")

    return column


def words_column(path: str, description: Any) -> Column:
    """A column that says a code in words."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> str:
        return word_of(_reach(record, path) or "")

    return column


def number_column(path: str, description: Any) -> Column:
    """A column of a measured number, without the zeros of its width."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> str:
        value = _reach(record, path)
        return "" if value is None else plain_decimal(value)

    return column


class WordsFilter(admin.ChoicesFieldListFilter):
    """Codes of a list, in words."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": word_of(str(choice["display"]))}


class SiteFilter(admin.SimpleListFilter):
    """The sites of the person's own delegations."""

    title = _("site")
    parameter_name = "site"

    def __init__(self, request: HttpRequest, params: Any, model: type[Model], model_admin: Any) -> None:
        self.path = model_admin.site_path
        super().__init__(request, params, model, model_admin)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        sites = sites_visible_to(request.user, Permission.CORRECT_RECORD).order_by("code")
        return [(site.code, f"{site.code} · {site}") for site in sites]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{f"{self.path}__code": self.value()}) if self.value() else queryset


class SubjectField(ModelChoiceField):
    """A patient by the subject id as people type it: no list of thousands, no script."""

    widget = forms.TextInput

    def __init__(self, request: HttpRequest, label: Any) -> None:
        patients = Patient.objects.visible_to(request.user, Permission.CORRECT_RECORD)
        missing = {"invalid_choice": _("There is no patient with this subject id at your sites.")}
        super().__init__(patients, to_field_name="subject_id", label=label, error_messages=missing)


class RecordAdmin(ExportMixin, ReasonedAdmin):
    """`patient_path` leads from a record to its patient ("" for the patient itself, None: a record of a site).

    `export_paths`: columns of other records that a table needs beside its own.
    """

    patient_path: str | None = "patient"
    export_paths: Mapping[str, str] = MappingProxyType({"subject_id": "patient__subject_id"})
    record_day: str = ""  # the date that names a record
    can_be_added = True
    can_be_exported = True
    ordering: Sequence[str] | None = ("-pk",)
    export_form_class = ExportForm
    export_template_name = "admin/record_export.html"
    formats = [CSV, XLSX]
    to_encoding = "utf-8-sig"  # or spreadsheets take Korean for something else

    site_path: str
    subject_path: str

    def __init_subclass__(cls, **options: Any) -> None:
        """The ways from a record to its subject id and its site, and a column of each."""
        super().__init_subclass__(**options)
        way = f"{cls.patient_path}__" if cls.patient_path else ""
        cls.site_path = f"{way}site"
        cls.subject_path = "" if cls.patient_path is None else f"{way}subject_id"
        cls.subject_column = plain_column(cls.subject_path, _("subject id"))
        cls.site_column = plain_column(f"{cls.site_path}__code", _("site"))

    subject_column: Column
    site_column: Column

    # -- who sees what -------------------------------------------------------------------------------
    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        sites = sites_visible_to(request.user, Permission.CORRECT_RECORD)
        return super().get_queryset(request).filter(**{f"{self.site_path}__in": sites})

    def has_module_permission(self, request: HttpRequest) -> bool:
        return Permission.CORRECT_RECORD in granted(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Permission.CORRECT_RECORD in granted(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return Permission.CORRECT_RECORD in granted(request) and bool(self.record_fields)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.can_be_added and self.has_change_permission(request)

    def has_export_permission(self, request: HttpRequest) -> bool:
        return self.can_be_exported and Permission.EXPORT_DATA in granted(request)

    # -- lists ---------------------------------------------------------------------------------------
    def get_list_select_related(self, request: HttpRequest) -> Any:
        return (*filter(None, [self.patient_path]), self.site_path, *(self.list_select_related or ()))

    def get_search_fields(self, request: HttpRequest) -> Sequence[str]:
        return tuple(filter(None, (self.subject_path, *super().get_search_fields(request))))

    @admin.display(description=_("subject id"))
    def subject(self, record: Any) -> SafeString:
        patient = patient_of(record)
        return format_html(
            '<a href="{}">{}</a>', reverse("clinic:chart", args=[patient.uuid]), patient.subject_id
        )

    # -- forms ---------------------------------------------------------------------------------------
    def key_fields_of(self, obj: Model) -> Sequence[str]:
        return tuple("subject" if name == "patient" else name for name in self.key_fields)

    def formfield_for_choice_field(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        blank = db_field.blank or not db_field.has_default()
        chosen = [(code, word_of(code)) for code, _label in db_field.choices or ()]
        kwargs["choices"] = [("", "—"), *chosen] if blank else chosen
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "patient":
            return SubjectField(request, capfirst(_("subject id")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # -- writing and reading through the house's own doors -------------------------------------------
    def held(self, record: Any) -> Any:
        """The course first, then its record: the order in which every service locks."""
        patient = patient_of(record)
        if patient is not None:
            lock_patient(patient)
        return super().held(record)

    def write(self, request: HttpRequest, record: Any, reason: str) -> bool:
        if record.pk is not None:
            return self.correct(request, record, reason)
        return add_record(by=request.user, record=record)

    def correct(self, request: HttpRequest, record: Any, reason: str) -> bool:
        return correct_record(by=request.user, record=record, reason=reason)

    def words(self, code: str) -> str:
        return word_of(code)

    def record_name(self, record: Any) -> str:
        day = getattr(record, self.record_day) if self.record_day else None
        parts = (
            _reach(record, self.subject_path),
            str(self.opts.verbose_name),
            date_format(day) if day else "",
        )
        return " · ".join(filter(None, parts))

    # -- export --------------------------------------------------------------------------------------
    def get_export_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [resource_of(self.model, self.export_paths)]

    def get_valid_export_item_pks(self, request: HttpRequest) -> list[int]:
        return []  # whole lists as filtered, never a choice of rows sent by the browser

    def export_action(self, request: HttpRequest) -> HttpResponse:
        try:
            return super().export_action(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(request.path)

    def get_export_data(self, file_format: Any, request: HttpRequest, queryset: Any, **kwargs: Any) -> Any:
        data = super().get_export_data(file_format, request, queryset, **kwargs)
        log.info("export: %s took %s", request.user.get_username(), self.opts.label)
        return data
