"""Screening: what is written down of a patient before the decision to enrol."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import LANGUAGES, User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from patients.facts import facts_at_entry, patient_facts, study_consent_on
from patients.fields import DayField, DayInput
from patients.models import Consent, Contact, Patient, Screening, Tumour
from patients.rules.facts import PatientFacts
from patients.rules.units import CRITERION_UNITS
from patients.selectors import next_subject_id
from patients.words import RUPTURES, choices, plain
from protocol.codes import RuptureCode

Choices = list[tuple[str, str | Promise]]
BLANK: Choices = [("", "–")]
SEXES: Choices = [*BLANK, ("F", _("Female")), ("M", _("Male"))]
PATHS: Choices = [*BLANK, ("A", _("A: starts imatinib with the study")), ("B", _("B: already on imatinib"))]
RESECTIONS: Choices = [*BLANK, ("R0", "R0"), ("R1", "R1"), ("R2", "R2")]
TUMOUR_SITES: Choices = [
    *BLANK, ("GASTRIC", _("Stomach")), ("SMALL_BOWEL", _("Small bowel")), ("COLORECTAL", _("Colon or rectum")),
    ("OTHER", pgettext_lazy("tumour site", "Other")),
]  # fmt: skip
HIV: Choices = [("", _("Not tested")), ("negative", _("Negative")), ("positive", _("Positive"))]


def use_words(form: forms.BaseForm, **choices: Any) -> None:
    """Show these choices in words; what is stored stays the code."""
    for name, words in choices.items():
        form.fields[name].choices = words


def show_plain_numbers(form: forms.ModelForm) -> None:
    """Stored measurements without the zeros that storage adds."""
    for name, value in form.initial.items():
        if isinstance(value, Decimal):
            form.initial[name] = plain(value)


class EntryForm(forms.ModelForm):
    """Who the patient is for the criteria; what can still be completed after screening."""

    class Meta:
        model = Patient
        fields = ("sex", "birth_date", "entry_path", "first_dose_on")
        field_classes = {"birth_date": DayField, "first_dose_on": DayField}
        widgets = {"birth_date": DayInput, "first_dose_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_words(self, sex=SEXES, entry_path=PATHS)


class PatientForm(EntryForm):
    class Meta(EntryForm.Meta):
        fields = ("subject_id", "site", *EntryForm.Meta.fields)
        widgets = EntryForm.Meta.widgets | {"subject_id": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_visible_to(user, Permission.ENROL_PATIENT)
        self.fields["site"].queryset = sites
        if len(sites) == 1:
            self.initial["site"] = sites[0].pk
            self.fields["subject_id"].widget.attrs["placeholder"] = next_subject_id(sites[0])

    def clean_subject_id(self) -> str:
        """Every subject id has a number in it; what has none is most likely a name, and no name is kept."""
        subject_id = str(self.cleaned_data["subject_id"])
        if not any(character.isdigit() for character in subject_id):
            raise forms.ValidationError(_("Give a subject id, never a name: for example 01-004."))
        return subject_id


class ConsentForm(forms.ModelForm):
    """The consent to the study. Left blank, it is not signed yet."""

    class Meta:
        model = Consent
        fields = ("consented_on", "version")
        field_classes = {"consented_on": DayField}
        widgets = {"consented_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        self.fields["consented_on"].required = False

    def clean(self) -> dict[str, Any]:
        """A version says that something was signed: then the day is asked for."""
        values = super().clean() or {}
        if values.get("version") and not values.get("consented_on") and "consented_on" not in self.errors:
            self.add_error("consented_on", _("Give the day of signing, or leave the version blank too."))
        return values


class TumourForm(forms.ModelForm):
    rupture_assessed = forms.BooleanField(label=_("Rupture assessed"), required=False)
    rupture_codes = forms.MultipleChoiceField(
        label=_("What was found; nothing ticked = no rupture"),
        choices=choices(RUPTURES),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Tumour
        fields = (
            "surgery_on", "resection", "tumour_site", "tumour_size_cm", "mitoses_per_50hpf", "pdgfra_d842v",
            "rupture_assessed", "rupture_codes",
        )  # fmt: skip
        field_classes = {"surgery_on": DayField}
        widgets = {"surgery_on": DayInput}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_words(self, tumour_site=TUMOUR_SITES, resection=RESECTIONS)
        show_plain_numbers(self)
        if self.instance.pk:
            self.initial["rupture_assessed"] = self.instance.rupture_codes is not None

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        codes: list[str] = values.get("rupture_codes") or []
        known = bool(codes) or values.get("rupture_assessed")
        values["rupture_codes"] = [code.value for code in RuptureCode if code in codes] if known else None
        return values


SCREENING_DAYS = ("planned_start_on", "cardiovascular_event_on", "labs_collected_on", "pregnancy_test_on")
# The page in its parts; a row holds what is read together.
SCREENING_PARTS: tuple[tuple[Promise, tuple[tuple[str, ...], ...]], ...] = (
    (
        _("Diagnosis and planned start"),
        (
            ("planned_start_on", "ecog"),
            ("histology_confirmed", "cd117", "dog1", "kit_mutation", "pdgfra_mutation"),
        ),
    ),
    (
        _("Laboratory"),
        (
            ("labs_collected_on",),
            ("anc", "anc_unit", "platelets", "platelets_unit"),
            ("haemoglobin", "haemoglobin_unit"),
            ("bilirubin", "bilirubin_uln", "bilirubin_unit"),
            ("ast", "ast_uln", "alt", "alt_uln"),
            ("creatinine", "creatinine_uln", "creatinine_unit"),
        ),
    ),
    (
        _("Pregnancy and contraception"),
        (
            (
                "childbearing_potential",
                "pregnant_or_breastfeeding",
                "pregnancy_test_on",
                "contraception_agreed",
            ),
        ),
    ),
    (
        _("Heart"),
        (("cardiovascular_event", "cardiovascular_event_on", "nyha_iii_iv"),),
    ),
    (
        _("Infections and other conditions"),
        (
            ("uncontrolled_infection", "hiv", "liver_disease", "stable_hepatitis_b"),
            ("other_malignancy_active", "substance_abuse", "other_unsuitable_condition"),
        ),
    ),
    (_("Imatinib so far"), (("neoadjuvant_imatinib", "longest_interruption_days"),)),
)
SCREENING_FIELDS = tuple(name for _title, rows in SCREENING_PARTS for row in rows for name in row)


class ScreeningForm(forms.ModelForm):
    class Meta:
        model = Screening
        fields = SCREENING_FIELDS
        field_classes = dict.fromkeys(SCREENING_DAYS, DayField)
        widgets = dict.fromkeys(SCREENING_DAYS, DayInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_words(self, hiv=HIV)
        for name, unit in CRITERION_UNITS.items():
            others = [choice for choice in self.fields[f"{name}_unit"].choices if choice[0]]
            self.fields[f"{name}_unit"].choices = [("", unit), *others]
        for name in ("bilirubin_unit", "creatinine_unit"):
            others = [choice for choice in self.fields[name].choices if choice[0]]
            self.fields[name].choices = [*BLANK, *others]
        show_plain_numbers(self)

    @property
    def parts(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """Titles, each with its rows of fields."""
        return [
            (str(title), [[self[name] for name in row] for row in rows]) for title, rows in SCREENING_PARTS
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("cardiovascular_event_on") and not values.get("cardiovascular_event"):
            self.add_error("cardiovascular_event", _("A day of the event means that there was one."))
        return values


class ContactForm(forms.ModelForm):
    """E-mail and language for reminders: they are asked for apart from the study."""

    class Meta:
        model = Contact
        fields = ("email", "language", "reminders")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        use_words(self, language=LANGUAGES)
        self.initial.setdefault("language", "ko")

    def agreed(self, on: date) -> Contact:
        contact: Contact = self.instance
        if contact.reminders:
            contact.opted_in_on = on
        return contact


class ScreeningForms:
    """The parts of the screening page together; the consent may be left blank as a whole."""

    def __init__(self, user: User, data: Any = None) -> None:
        self.patient: EntryForm = PatientForm(data, prefix="patient", user=user)
        self.consent: ConsentForm | None = ConsentForm(data, prefix="consent")
        self.tumour = TumourForm(data, prefix="tumour")
        self.screening = ScreeningForm(data, prefix="screening")
        self.contact: ContactForm | None = ContactForm(data, prefix="contact")

    @property
    def all(self) -> list[forms.ModelForm]:
        parts = (self.patient, self.consent, self.tumour, self.screening, self.contact)
        return [part for part in parts if part is not None]

    def is_valid(self) -> bool:
        faulty = [form for form in self.all if not form.is_valid()]
        return not faulty

    def facts(self, *, enrolled_on: date) -> PatientFacts:
        """What is typed so far, as the criteria take it, as if the patient were enrolled on that day."""
        self.is_valid()
        signed = self.signed()
        patient: Patient = self.patient.instance
        stored = patient_facts(patient) if patient.pk else None
        return facts_at_entry(
            patient,
            self.tumour.instance,
            self.screening.instance,
            consent_on=signed.consented_on if signed else stored.consent_on if stored else None,
            enrolled_on=enrolled_on,
            prior_orders=stored.prior_orders if stored else (),
        )

    def signed(self) -> Consent | None:
        if self.consent is None or not self.consent.is_bound:
            return None
        return self.consent.instance if self.consent.cleaned_data.get("consented_on") else None


class CompletionForms(ScreeningForms):
    """What is known of a screened patient, to be completed; the consent while it is not signed."""

    def __init__(self, patient: Patient, data: Any = None) -> None:
        has_consent = study_consent_on(patient) is not None
        self.patient = EntryForm(data, prefix="patient", instance=patient)
        self.consent = None if has_consent else ConsentForm(data, prefix="consent")
        self.tumour = TumourForm(data, prefix="tumour", instance=getattr(patient, "tumour", None))
        self.screening = ScreeningForm(data, prefix="screening", instance=getattr(patient, "screening", None))
        self.contact = None

    def records(self) -> list[Patient | Tumour | Screening | Consent]:
        found = [self.patient.instance, self.tumour.instance, self.screening.instance]
        return [*found, *([signed] if (signed := self.signed()) else [])]
