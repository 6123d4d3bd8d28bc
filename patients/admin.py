"""Patients and what stood at entry, for data managers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import lazy
from django.utils.translation import gettext as sentence
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from audit.forms import ReasonedForm
from patients import presenters
from patients.models import (
    Consent,
    ConsentVersion,
    Contact,
    Disposition,
    EligibilityRecord,
    Enrolment,
    Outcome,
    Patient,
    Screening,
    Tumour,
)
from patients.models.consent import Purpose
from patients.record_admin import RecordAdmin
from patients.record_lists import (
    FoundWordsFilter,
    SiteFilter,
    WordsFilter,
    number_column,
    words_column,
    yes_column,
)
from patients.words import word_of
from protocol.codes import RuptureCode

_BETWEEN = ";"
_NOT_KNOWN = "UNK"


def _rupture_help() -> str:
    words = sentence("%(codes)s, with a semicolon between several; UNK = not known; empty = none.")
    return words % {"codes": ", ".join(RuptureCode)}


class RuptureField(forms.CharField):
    """Nishida codes as the cohort folder writes them: "R1;N2", "UNK" = not known, empty = none."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Rupture codes"),
            required=False,
            help_text=lazy(_rupture_help, str)(),
        )

    def prepare_value(self, value: Any) -> Any:
        if value is None:
            return _NOT_KNOWN
        return _BETWEEN.join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str] | None:
        text = (super().to_python(value) or "").upper()
        if text == _NOT_KNOWN:
            return None
        codes = [code.strip() for code in text.split(_BETWEEN) if code.strip()]
        if unknown := [code for code in codes if code not in set(RuptureCode)]:
            raise ValidationError(sentence("Not a rupture code: %(codes)s.") % {"codes": ", ".join(unknown)})
        return codes


class TumourForm(ReasonedForm):
    rupture_codes = RuptureField()


@admin.register(Patient)
class PatientAdmin(RecordAdmin):
    """Patients come in through screening or an import; here they are corrected."""

    patient_path = ""
    can_be_added = False
    ordering = ("subject_id",)
    list_display = (
        "subject_id",
        "site_column",
        "sex_words",
        "birth_date",
        "entry_path",
        "first_dose_on",
        "phase",
    )
    list_filter = (SiteFilter, "entry_path", ("sex", WordsFilter), ("summary__phase", FoundWordsFilter))
    list_select_related = ("summary",)
    date_hierarchy = "first_dose_on"
    search_fields = ("site__code",)
    export_paths = {"subject_id": "subject_id", "site_id": "site__code"}
    record_fields = ("subject_id", "site", "sex", "birth_date", "entry_path", "first_dose_on")
    shown_fields = ("protocol_version", "phase", "eligibility")
    sex_words = words_column("sex", _("sex"))
    phase = words_column("summary__phase", _("phase"))

    @admin.display(description=_("eligibility"))
    def eligibility(self, record: Patient) -> str:
        assessed = presenters.payload_of(record).get("eligibility", {})
        return word_of(assessed.get("verdict", ""))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "site":
            kwargs["queryset"] = sites_visible_to(request.user, Permission.CORRECT_RECORD)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Tumour)
class TumourAdmin(RecordAdmin):
    form = TumourForm
    list_display = (
        "subject_column", "site_column", "surgery_on", "resection", "site_words", "size", "mitoses",
    )  # fmt: skip
    list_filter = (SiteFilter, "resection", ("tumour_site", WordsFilter), "pdgfra_d842v")
    date_hierarchy = "surgery_on"
    key_fields = ("patient",)
    record_fields = (
        "surgery_on", "resection", "tumour_site", "tumour_size_cm", "mitoses_per_50hpf", "rupture_codes",
        "pdgfra_d842v",
    )  # fmt: skip
    site_words = words_column("tumour_site", _("tumour site"))
    size = number_column("tumour_size_cm", _("size (cm)"))
    mitoses = number_column("mitoses_per_50hpf", _("mitoses per 50 HPF"))


@admin.register(Screening)
class ScreeningAdmin(RecordAdmin):
    list_display = ("subject_column", "site_column", "histology", "ecog", "hiv_words")
    histology = yes_column("histology_confirmed", _("histology confirmed"))
    list_filter = (SiteFilter, "histology_confirmed", "ecog", ("hiv", WordsFilter))
    hiv_words = words_column("hiv", "HIV")
    key_fields = ("patient",)
    record_fields = tuple(
        field.name for field in Screening._meta.concrete_fields if field.name not in ("id", "patient")
    )


@admin.register(Consent)
class ConsentAdmin(RecordAdmin):
    list_display = (
        "subject_column",
        "site_column",
        "purpose",
        "version",
        "consented_on",
        "withdrawn_on",
    )
    list_filter = (SiteFilter, "purpose", "version")
    date_hierarchy = "consented_on"
    search_fields = ("version",)
    key_fields = ("patient",)
    record_fields = ("purpose", "version", "consented_on", "withdrawn_on")
    record_day = "consented_on"

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["choices"] = [(p, p.label) for p in Purpose if p != Purpose.REMINDERS]
        return super(RecordAdmin, self).formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(ConsentVersion)
class ConsentVersionAdmin(RecordAdmin):
    """The forms a site has in use; a newer one may ask who signed an earlier one to sign again."""

    patient_path = None
    list_display = ("site_column", "purpose", "version", "in_force_on", "again")
    list_filter = (SiteFilter, "purpose")
    date_hierarchy = "in_force_on"
    search_fields = ("version", "site__code")
    export_paths = {"site_id": "site__code"}
    key_fields = ("site", "purpose")
    record_fields = ("version", "in_force_on", "asks_again")
    record_day = "in_force_on"
    again = yes_column("asks_again", _("patients sign again"))

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["choices"] = Purpose.choices
        return super(RecordAdmin, self).formfield_for_choice_field(db_field, request, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["queryset"] = sites_visible_to(request.user, Permission.CORRECT_RECORD)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(EligibilityRecord)
class EligibilityRecordAdmin(RecordAdmin):
    """Assessments as they were made: to be read, never edited."""

    can_be_added = False
    list_display = (
        "subject_column", "site_column", "purpose", "verdict_words", "protocol_version", "assessed_at",
    )  # fmt: skip
    list_filter = (SiteFilter, "purpose", ("verdict", WordsFilter))
    date_hierarchy = "assessed_at"
    key_fields = ("patient",)
    shown_fields = (
        "purpose", "verdict", "protocol_version", "inputs", "thresholds", "criteria", "note", "assessed_at",
        "assessed_by",
    )  # fmt: skip
    verdict_words = words_column("verdict", _("verdict"))


@admin.register(Enrolment)
class EnrolmentAdmin(RecordAdmin):
    list_display = ("subject_column", "site_column", "enrolled_on")
    list_filter = (SiteFilter, "enrolled_on")
    date_hierarchy = "enrolled_on"
    can_be_added = False  # eligibility is decided on the way in, and nobody goes round it
    key_fields = ("patient",)
    record_fields = ("enrolled_on",)
    record_day = "enrolled_on"


@admin.register(Contact)
class ContactAdmin(RecordAdmin):
    """How to reach a patient: kept apart from clinical data, and in no export."""

    list_display = (
        "subject_column",
        "site_column",
        "email",
        "language_words",
        "wanted",
        "opted_out_at",
    )
    list_filter = (
        SiteFilter,
        ("language", WordsFilter),
        "reminders",
        ("opted_out_at", admin.EmptyFieldListFilter),
    )
    language_words = words_column("language", _("language"))
    wanted = yes_column("reminders", _("wants reminders by e-mail"))
    search_fields = ("email",)
    can_be_exported = False
    key_fields = ("patient",)
    record_fields = ("email", "language", "reminders", "opted_in_on", "form_version", "withdrawn_on")
    shown_fields = ("opted_out_at", "refused_at")


@admin.register(Outcome)
class OutcomeAdmin(RecordAdmin):
    list_display = ("subject_column", "site_column", "kind_words", "on", "settlement_words")
    list_filter = (SiteFilter, ("kind", WordsFilter), "on")
    date_hierarchy = "on"
    key_fields = ("patient",)
    record_fields = ("kind", "on", "comment", "settlement", "settled_on", "settled_why")
    record_day = "on"
    kind_words = words_column("kind", _("kind"))
    settlement_words = words_column("settlement", _("settlement"))


@admin.register(Disposition)
class DispositionAdmin(RecordAdmin):
    list_display = (
        "subject_column", "site_column", "record_words", "ended_on", "reason_words", "last_dose_on",
    )  # fmt: skip
    list_filter = (SiteFilter, ("record", WordsFilter), ("reason", WordsFilter))
    date_hierarchy = "ended_on"
    key_fields = ("patient", "record")
    record_fields = ("ended_on", "reason", "last_dose_on", "ae_no", "comment")
    record_day = "ended_on"
    record_words = words_column("record", _("record"))
    reason_words = words_column("reason", _("reason"))

    def key_fields_of(self, obj: Disposition) -> tuple[str, ...]:
        return ("subject", "record_words")
