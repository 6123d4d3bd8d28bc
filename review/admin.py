"""Queries: opened and closed by the rules, answered by correcting what they are about."""

from typing import Any

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.admin_site import say_on_index
from accounts.models import User
from patients.record_admin import RecordAdmin
from patients.record_lists import SiteFilter
from review.models import Query
from review.selectors import open_queries
from review.words import KINDS, sentence_of


class OpenFilter(SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("Open")), ("closed", _("Closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Query]) -> QuerySet[Query]:
        return queryset.filter(closed_at__isnull=self.value() == "open") if self.value() else queryset


class KindFilter(SimpleListFilter):
    title = _("kind")
    parameter_name = "code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(KINDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Query]) -> QuerySet[Query]:
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(Query)
class QueryAdmin(RecordAdmin):
    can_be_added = False
    list_display = (
        "subject_column", "site_column", "question", "about", "opened_at", "closed_at", "closed_by",
    )  # fmt: skip
    list_filter = (SiteFilter, OpenFilter, KindFilter, "opened_at")
    list_select_related = ("closed_by",)
    date_hierarchy = "opened_at"
    search_fields = ("about", "code")
    key_fields = ("patient", "about")
    shown_fields = ("question", "kind", "opened_at", "opened_by", "closed_at", "closed_by")

    @admin.display(description=_("kind"))
    def kind(self, record: Query) -> str:
        return str(KINDS.get(record.code, record.code))

    @admin.display(description=_("question"))
    def question(self, record: Query) -> str:
        return sentence_of(record.code, record.detail)


@say_on_index
def open_question_count(user: User) -> list[str]:
    count = open_queries(user).count()
    words = ngettext("%(count)s query is open.", "%(count)s queries are open.", count) % {"count": count}
    return [words] if count else []
