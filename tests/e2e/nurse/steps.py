"""What nurses do on several pages of more than one story: sign in on a day, fill in, screen."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

SCREENED = {
    "patient-sex": "F",
    "patient-birth_date": "1960-05-04",
    "tumour-resection": "R0",
    "tumour-tumour_site": "GASTRIC",
    "tumour-tumour_size_cm": "11.2",
    "tumour-mitoses_per_50hpf": "14",
    "screening-ecog": "1",
    "screening-anc": "3.4",
    "screening-platelets": "210",
    "screening-haemoglobin": "12.8",
    "screening-bilirubin": "0.6",
    "screening-bilirubin_uln": "1.2",
    "screening-ast": "25",
    "screening-ast_uln": "40",
    "screening-alt": "25",
    "screening-alt_uln": "40",
    "screening-creatinine": "0.8",
    "screening-creatinine_uln": "1.2",
    "screening-hiv": "negative",
}
FOUND = ("histology_confirmed", "cd117", "contraception_agreed")
NOT_FOUND = (
    "childbearing_potential",
    "pregnant_or_breastfeeding",
    "cardiovascular_event",
    "nyha_iii_iv",
    "uncontrolled_infection",
    "liver_disease",
    "stable_hepatitis_b",
    "other_malignancy_active",
    "substance_abuse",
    "other_unsuitable_condition",
)


def fill(page: Page, typed: Mapping[str, str]) -> None:
    """Each field by its name: chosen, ticked or typed, as it asks for."""
    for name, value in typed.items():
        field = page.locator(f"[name='{name}']")
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def screen(page: Page, **typed: str) -> None:
    """A patient whom every criterion lets in, but for what is typed otherwise."""
    page.goto("/patients/new/")
    answers = dict.fromkeys(FOUND, "true") | dict.fromkeys(NOT_FOUND, "false")
    fill(page, SCREENED | {f"screening-{name}": said for name, said in answers.items()} | typed)
    page.get_by_label("Rupture assessed").check()


def press(page: Page, *buttons: str) -> None:
    """Presses what is named, once no echo is under way any more."""
    for name in buttons:
        expect(page.locator(".htmx-request")).to_have_count(0)
        page.get_by_role("button", name=name, exact=True).click()


def open_chart(page: Page, patient, tab: str = "course") -> None:
    page.goto(f"/patients/{patient.uuid}/?tab={tab}")


def visit_row(page: Page, code: str) -> Locator:
    """The line of a visit in the table of the chart."""
    return page.get_by_role("row", name=re.compile(f"^{code} "))


def confirm(page: Page, save: str) -> None:
    """What the page asks once more is meant; it asks why, unless that was said already."""
    page.get_by_label("Yes, this is meant").check()
    why = page.get_by_label("Why it is right as it stands")
    if why.count():
        why.fill("As agreed with the patient")
    press(page, save)
