"""The admin pages of everything that belongs to a patient: a data manager's sites, one service, one export."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.admin_site import granted
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.admin import ReasonedAdmin
from patients.corrections import add_record, correct_record, patient_of
from patients.record_export import RecordExport
from patients.record_lists import Column, SubjectField, plain_column, reach
from patients.saving import lock_patient
from patients.words import word_of


class RecordAdmin(RecordExport, ReasonedAdmin):
    """`patient_path` leads from a record to its patient ("" for the patient itself, None: a record of a site)."""

    patient_path: str | None = "patient"
    record_day: str = ""  # the date that names a record
    can_be_added = True
    ordering: Sequence[str] | None = ("-pk",)

    site_path: str
    subject_path: str
    site_column: Column
    subject_column: Column

    def __init_subclass__(cls, **options: Any) -> None:
        """The ways from a record to its subject id and its site, and a column of each."""
        super().__init_subclass__(**options)
        way = f"{cls.patient_path}__" if cls.patient_path else ""
        cls.site_path = f"{way}site"
        cls.subject_path = "" if cls.patient_path is None else f"{way}subject_id"
        cls.subject_column = plain_column(cls.subject_path, _("subject id"))
        cls.site_column = plain_column(f"{cls.site_path}__code", _("site"))

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
            reach(record, self.subject_path),
            str(self.opts.verbose_name),
            date_format(day) if day else "",
        )
        return " · ".join(filter(None, parts))
