"""The dose ledger, for data managers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.forms import ModelChoiceField
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.forms import ReasonedForm
from dosing.models import DoseOrder, FlagAcknowledgement, Kit, KitReturn, MissedDoses
from patients.record_admin import RecordAdmin
from patients.record_lists import SiteFilter, WordsFilter, plain_column, words_column

_HIGHEST_MG = 2000  # of one entry: far above any order, and well inside the column


class DoseOrderForm(ReasonedForm):
    """The adverse event is named by its number, as on paper."""

    pattern_mg = SimpleArrayField(
        forms.IntegerField(min_value=0, max_value=_HIGHEST_MG),
        delimiter="/",
        max_length=31,
        label=_("Pattern (mg a day)"),
        help_text=_("400 daily; 400/0 every other day; 0 a hold."),
    )
    ae_no = forms.IntegerField(required=False, min_value=0, label=_("For adverse event (its number)"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance.adverse_event if self.instance.pk else None
        self.initial["ae_no"] = event.ae_no if event else None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        number, patient = (
            cleaned.get("ae_no"),
            cleaned.get("patient") or getattr(self.instance, "patient", None),
        )
        self.instance.adverse_event = None
        if number is not None and patient is not None:
            self.instance.adverse_event = patient.adverse_events.filter(ae_no=number).first()
            if self.instance.adverse_event is None:
                self.add_error(
                    "ae_no", ValidationError(sentence("This patient has no adverse event of that number."))
                )
        return cleaned


@admin.register(DoseOrder)
class DoseOrderAdmin(RecordAdmin):
    form = DoseOrderForm
    list_display = (
        "subject_column", "site_column", "from_on", "pattern", "anchor_on", "reason_words",
        "event_column", "comment",
    )  # fmt: skip
    list_filter = (SiteFilter, ("reason", WordsFilter), "from_on")
    list_select_related = ("adverse_event",)
    date_hierarchy = "from_on"
    search_fields = ("comment", "adverse_event__term")
    export_paths = {"subject_id": "patient__subject_id", "ae_no": "adverse_event__ae_no"}
    key_fields = ("patient",)
    record_fields = ("from_on", "pattern_mg", "anchor_on", "reason", "ae_no", "comment")
    record_day = "from_on"
    reason_words = words_column("reason", _("reason"))
    event_column = plain_column("adverse_event__ae_no", _("for adverse event"))

    @admin.display(description=_("mg a day"), ordering="pattern_mg")
    def pattern(self, record: DoseOrder) -> str:
        return "/".join(str(mg) for mg in record.pattern_mg)


@admin.register(Kit)
class KitAdmin(RecordAdmin):
    list_display = (
        "subject_column", "site_column", "kit_id", "dispensed_on", "source_words", "strength_mg",
        "tablets",
    )  # fmt: skip
    list_filter = (SiteFilter, ("source", WordsFilter), "strength_mg", "dispensed_on")
    date_hierarchy = "dispensed_on"
    search_fields = ("kit_id",)
    key_fields = ("patient",)
    record_fields = ("kit_id", "dispensed_on", "source", "strength_mg", "tablets", "lot", "expires_on")
    record_day = "dispensed_on"
    source_words = words_column("source", _("source"))


class KitField(ModelChoiceField):
    """A kit by the number that stands on it."""

    widget = forms.TextInput

    def __init__(self, request: HttpRequest) -> None:
        sites = sites_visible_to(request.user, Permission.CORRECT_RECORD)
        kits = Kit.objects.filter(patient__site__in=sites)
        missing = {"invalid_choice": _("There is no kit of this number at your sites.")}
        super().__init__(kits, to_field_name="kit_id", label=capfirst(_("kit")), error_messages=missing)


@admin.register(KitReturn)
class KitReturnAdmin(RecordAdmin):
    patient_path = "kit__patient"
    list_display = (
        "subject_column", "site_column", "kit_column", "returned_on", "tablets_returned",
        "tablets_lost", "tablets_kept",
    )  # fmt: skip
    list_filter = (SiteFilter, "returned_on")
    date_hierarchy = "returned_on"
    search_fields = ("kit__kit_id",)
    export_paths = {"subject_id": "kit__patient__subject_id", "kit_id": "kit__kit_id"}
    key_fields = ("kit",)
    record_fields = ("returned_on", "tablets_returned", "tablets_lost", "tablets_kept")
    record_day = "returned_on"
    kit_column = plain_column("kit__kit_id", _("kit"))

    @admin.display(description=_("kit"))
    def kit_number(self, record: KitReturn) -> str:
        return record.kit.kit_id

    def key_fields_of(self, obj: Any) -> tuple[str, ...]:
        return ("subject", "kit_number")

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return KitField(request)


@admin.register(MissedDoses)
class MissedDosesAdmin(RecordAdmin):
    list_display = ("subject_column", "site_column", "from_on", "to_on", "doses_missed")
    list_filter = (SiteFilter, "from_on")
    date_hierarchy = "from_on"
    key_fields = ("patient",)
    record_fields = ("from_on", "to_on", "doses_missed")
    record_day = "from_on"


@admin.register(FlagAcknowledgement)
class FlagAcknowledgementAdmin(RecordAdmin):
    """Said once by the principal investigator; whoever sees it otherwise changes the order."""

    can_be_added = False
    list_display = (
        "subject_column", "site_column", "code_words", "from_on", "mean_daily_mg", "comment", "acknowledged_by",
        "acknowledged_at",
    )  # fmt: skip
    list_filter = (SiteFilter, ("code", WordsFilter), "acknowledged_at")
    list_select_related = ("acknowledged_by",)
    date_hierarchy = "acknowledged_at"
    search_fields = ("comment",)
    key_fields = ("patient", "from_on")
    shown_fields = ("code_words", "mean_daily_mg", "comment", "acknowledged_by", "acknowledged_at")
    code_words = words_column("code", _("flag"))
