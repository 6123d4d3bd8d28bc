"""Which consents are still to be signed on a day: a missing one, one by an outdated form, the one to the extension."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from protocol.days import extension_from
from protocol.definition import Regimen
from protocol.sentences import gettext_noop

STUDY, EXTENSION = "STUDY", "EXTENSION"
NOT_RECORDED = gettext_noop("No consent to the study is recorded.")
SIGN_AGAIN = gettext_noop("A newer version of the form asks for a new signature.")
BEFORE_EXTENSION = gettext_noop("The IP extension needs its own consent.")


@dataclass(frozen=True, slots=True)
class SignedConsent:
    purpose: str
    version: str
    consented_on: date
    withdrawn_on: date | None = None


@dataclass(frozen=True, slots=True)
class FormVersion:
    purpose: str
    version: str
    in_force_on: date
    asks_again: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """`version`: the form to sign, blank where none is on record. `why` is a sentence of the catalogue."""

    purpose: str
    version: str
    due_on: date
    why: str


def consents_due(
    signed: Iterable[SignedConsent],
    forms: Iterable[FormVersion],
    *,
    enrolled_on: date,
    first_dose_on: date | None,
    treatment_ended_on: date | None,
    regimen: Regimen,
    on: date,
) -> tuple[Due, ...]:
    """Of a patient in the study; what was withdrawn is the patient's word and not asked for again."""
    by_purpose = {
        purpose: sorted((c for c in signed if c.purpose == purpose), key=lambda c: c.consented_on)
        for purpose in (STUDY, EXTENSION)
    }
    in_force = [form for form in forms if form.in_force_on <= on]
    extension_on = extension_consent_on(first_dose_on, treatment_ended_on, regimen)
    due = [_due(STUDY, by_purpose[STUDY], in_force, enrolled_on, NOT_RECORDED, on)]
    if extension_on is not None:
        due.append(_due(EXTENSION, by_purpose[EXTENSION], in_force, extension_on, BEFORE_EXTENSION, on))
    return tuple(found for found in due if found is not None)


def extension_consent_on(
    first_dose_on: date | None, treatment_ended_on: date | None, regimen: Regimen
) -> date | None:
    """From the day study drug may first be handed out; never, when treatment ends before the extension."""
    if first_dose_on is None:
        return None
    boundary = extension_from(first_dose_on, regimen)
    if treatment_ended_on is not None and treatment_ended_on < boundary:
        return None
    return boundary - timedelta(days=regimen.dispense_before_transition_days)


def _due(
    purpose: str,
    signed: list[SignedConsent],
    forms: list[FormVersion],
    from_on: date,
    why: str,
    on: date,
) -> Due | None:
    standing = [consent for consent in signed if consent.withdrawn_on is None]
    versions = [form for form in forms if form.purpose == purpose]
    if not standing:
        newest = max(versions, key=lambda form: form.in_force_on, default=None)
        is_due = not signed and from_on <= on
        return Due(purpose, newest.version if newest else "", from_on, why) if is_due else None
    latest = standing[-1]
    newer = [
        form
        for form in versions
        if form.asks_again and form.in_force_on > latest.consented_on and form.version != latest.version
    ]
    if not newer:
        return None
    newest = max(newer, key=lambda form: form.in_force_on)
    return Due(purpose, newest.version, min(form.in_force_on for form in newer), SIGN_AGAIN)
