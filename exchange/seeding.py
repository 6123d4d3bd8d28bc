"""The demo: two invented sites, the logins of the README, and an invented cohort brought in like any other."""

import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_noop

from accounts.models import Delegation, Site, User
from accounts.permissions import Role
from audit import recording
from exchange.demo.cohort import write_demo_cohort
from exchange.services import import_cohort
from patients.models import Consent, Patient
from patients.selectors import consents_due
from patients.services import give_consent

REASON = gettext_noop("Demo data")
SITES = {
    "01": {
        "name_ko": "한빛시험병원 외래", "name_en": "Hanbit Demo Hospital, Outpatients",
        "place_ko": "신관 3층 12번 창구", "place_en": "New building, 3rd floor, desk 12",
        "phone_ko": "02-0000-0001", "phone_en": "+82 2 0000 0001",
        "bring_ko": "신분증, 진료 카드, 남은 약",
        "bring_en": "Identity card, hospital card, the medicine you have left",
    },
    "02": {
        "name_ko": "가람시험병원 외래", "name_en": "Garam Demo Hospital, Outpatients",
        "place_ko": "본관 1층 안내데스크", "place_en": "Main building, ground floor",
        "phone_ko": "051-000-0002", "phone_en": "+82 51 000 0002",
        "bring_ko": "신분증, 남은 약", "bring_en": "Identity card, the medicine you have left",
    },
}  # fmt: skip
LOGINS = {
    "nurse": (Role.NURSE, ("01",)),
    "nurse02": (Role.NURSE, ("02",)),
    "pi": (Role.PI, ("01", "02")),
    "datamanager": (Role.DATA_MANAGER, ("01", "02")),
    "monitor": (Role.MONITOR, ("01", "02")),
}


@transaction.atomic
def ensure_demo_logins(*, by: User, password: str, from_on: date) -> None:
    """The demo's people with this password, each with their sites; what is already there stays."""
    with recording(by=by, reason=REASON):
        sites = {
            code: Site.objects.get_or_create(code=code, defaults=lines)[0] for code, lines in SITES.items()
        }
        for username, (role, codes) in LOGINS.items():
            user, _ = User.objects.update_or_create(
                username=username, defaults={"password": make_password(password), "is_active": True}
            )
            for code in codes:
                Delegation.objects.get_or_create(
                    user=user, role=role, site=sites[code], defaults={"from_on": from_on, "delegated_by": by}
                )


def seed_patients(*, by: User, patients: int, seed: int, today: date, tell: Callable[[str], None]) -> int:
    """Invented patients through the import; returns how many there are now."""
    with tempfile.TemporaryDirectory() as name:
        write_demo_cohort(Path(name), patients=patients, seed=seed, today=today)
        result = import_cohort(
            by=by,
            folder=Path(name),
            on=today,
            update=True,
            reason=REASON,
            report=lambda fault: tell(str(fault)),
        )
    for count in result.counts:
        tell(f"{count.file}: {count.created} rows")
    _sign_extension_consents(by=by, today=today)
    return Patient.objects.count()


def _sign_extension_consents(*, by: User, today: date) -> None:
    """The cohort folder has no place for them; the newest one is left to be signed."""
    due = [row for row in consents_due(by, on=today) if row.purpose == Consent.Purpose.EXTENSION]
    for row in due[:-1]:
        give_consent(
            by=by, patient=row.patient, purpose=row.purpose, version=row.version, consented_on=row.due_on
        )
