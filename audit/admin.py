"""What every record's page in the admin site has in common: a reason, a history, a service that writes, no deletion.

Who may see and change what is decided by the rooms above, which also name the service.
"""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DecimalField, Field, Model
from django.forms import DecimalField as DecimalFormField
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from audit.forms import REASON_FIELDS, ReasonedForm
from audit.history import history_of, plain_decimal

SHOWN_ON_FORM = 10  # events under the form; the history page has all of them


class PlainDecimalField(DecimalFormField):
    """A measured number without the zeros of its column's width."""

    def prepare_value(self, value: Any) -> Any:
        return plain_decimal(value) if hasattr(value, "as_tuple") else value


class ReasonedAdmin(admin.ModelAdmin):
    """`key_fields` are given once, `record_fields` can be corrected, `shown_fields` are computed and only read."""

    of_this_house = True
    form = ReasonedForm
    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    change_form_template = "admin/reasoned_change_form.html"
    object_history_template = "admin/reasoned_history.html"
    key_fields: Sequence[str] = ()
    record_fields: Sequence[str] = ()
    shown_fields: Sequence[str] = ()

    # -- what the rooms above say --------------------------------------------------------------------
    def write(self, request: HttpRequest, record: Model, reason: str) -> bool:
        """Save through the service; was there anything to save?"""
        raise NotImplementedError

    def record_name(self, record: Model) -> str:
        """The record in words, for headings and messages; records themselves have no text (it would reach logs)."""
        return f"{capfirst(str(self.opts.verbose_name))} {record.pk}"

    def words(self, code: str) -> str:
        """A stored code as people read it."""
        return code

    # -- nothing is deleted, and the trail of the database is the only log ----------------------------
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override]
        return None

    def log_change(self, request: HttpRequest, obj: Model, message: object) -> None:  # type: ignore[override]
        return None

    # -- the form ------------------------------------------------------------------------------------
    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if obj is None:
            return [(None, {"fields": (*self.key_fields, *self.record_fields)})]
        sets: list[Any] = [(None, {"fields": (*self.key_fields_of(obj), *self.record_fields)})]
        if self.shown_fields:
            sets.append((_("Computed, not entered"), {"fields": self.shown_fields}))
        if self.has_change_permission(request, obj):
            sets.append((_("Why do you change it?"), {"fields": REASON_FIELDS}))
        return sets

    def key_fields_of(self, obj: Model) -> Sequence[str]:
        """How the keys of a saved record are shown."""
        return self.key_fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return () if obj is None else (*self.key_fields_of(obj), *self.shown_fields)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", None)
        return form

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, DecimalField):
            kwargs["form_class"] = PlainDecimalField
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # no windows over windows
        return field

    # -- reading -------------------------------------------------------------------------------------
    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        found = super().get_object(request, object_id, from_field)
        return self.held(found) if found is not None and request.method == "POST" else found

    def held(self, record: Any) -> Any:
        """The record locked to the end of the change: the second of two savers sees what the first one saved."""
        return self.model._base_manager.select_for_update().get(pk=record.pk)

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponse:
        raise Http404

    # -- writing -------------------------------------------------------------------------------------
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ValidationError as refusal:  # of the service or the database; everything was taken back
            request.refusal = refusal  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        reason = cast(ReasonedForm, form).reason
        request.was_saved = self.write(request, obj, reason)  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        self._say_saved(request, obj)
        if "_addanother" in request.POST:
            return HttpResponseRedirect(request.path)
        return self.response_post_save_add(request, obj)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        self._say_saved(request, obj)
        if "_continue" in request.POST:
            return HttpResponseRedirect(request.path)
        return self.response_post_save_change(request, obj)

    def _say_saved(self, request: HttpRequest, obj: Model) -> None:
        if getattr(request, "was_saved", True):
            messages.success(request, _("Saved: %(record)s") % {"record": self.record_name(obj)})
        else:
            messages.info(request, _("Nothing was different: nothing was saved."))

    # -- history -------------------------------------------------------------------------------------
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        if obj is not None:
            history = history_of(obj, self.words)
            context |= {"subtitle": self.record_name(obj), "history": history[:SHOWN_ON_FORM]}
        context |= {"show_save_as_new": False, "show_save_and_add_another": add}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        record = self.get_object(request, object_id)
        if record is None:
            raise Http404
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History"),
            "subtitle": self.record_name(record),
            "history": history_of(record, self.words),
            "object": record,
            "opts": self.opts,
        }
        return TemplateResponse(request, self.object_history_template, context)
