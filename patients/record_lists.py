"""What the lists and forms of records are made of: columns in words, filters, a patient by their number."""

from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.history import plain_decimal
from patients.models import Patient
from patients.words import word_of

Column = Callable[[Any, Any], object]


def reach(record: Any, path: str) -> Any:
    for name in path.split("__"):
        record = getattr(record, name, None)
    return record


def plain_column(path: str, description: Any) -> Column:
    """A column of another record's value under the name people know it by."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> object:
        return reach(record, path)

    return column


def words_column(path: str, description: Any) -> Column:
    """A column that says a code in words."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> str:
        return word_of(reach(record, path) or "")

    return column


def yes_column(path: str, description: Any) -> Column:
    """A column of yes, no or not known: as a word, for neither of them is an alarm."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> str:
        value = reach(record, path)
        return "" if value is None else (gettext("yes") if value else gettext("no"))

    return column


def number_column(path: str, description: Any) -> Column:
    """A column of a measured number, without the zeros of its width."""

    @admin.display(description=description, ordering=path)
    def column(self: Any, record: Any) -> str:
        value = reach(record, path)
        return "" if value is None else plain_decimal(value)

    return column


class InWords(admin.FieldListFilter):
    """A filter whose codes are shown in words."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": word_of(str(choice["display"]))}


class WordsFilter(InWords, admin.ChoicesFieldListFilter):
    """The codes of a code list."""


class FoundWordsFilter(InWords, admin.AllValuesFieldListFilter):
    """The codes that are there."""


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
