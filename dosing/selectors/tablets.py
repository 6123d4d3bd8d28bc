"""The accountability log: every kit of a patient or a site, and the balance of each strength."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.apps import apps
from django.db.models import QuerySet

from accounts.models import Site, User
from accounts.permissions import Permission
from dosing.models import Kit
from dosing.rules.balance import KitBalance, StrengthBalance, strength_balances
from dosing.rules.kits import KitReturnFacts
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class LogLine:
    """One kit with its count; `entered_by`: who wrote down that it went out."""

    kit: Kit
    balance: KitBalance
    entered_by: str


@dataclass(frozen=True, slots=True)
class AccountabilityLog:
    """`balances`: of one patient, or summed over the patients of a site."""

    lines: tuple[LogLine, ...]
    balances: tuple[StrengthBalance, ...]


def accountability_log(patient: Patient, *, on: date) -> AccountabilityLog:
    """Of a patient whom the user may see, as it stood on a day."""
    return _log(Kit.objects.filter(patient=patient), on)


def site_accountability_log(user: User, site: Site, *, on: date, source: str = "") -> AccountabilityLog:
    """Every kit of a site; `source`: only prescriptions, or only study drug. Empty for a site not the user's."""
    patients = Patient.objects.visible_to(user, Permission.VIEW_PATIENTS).filter(site=site)
    kits = Kit.objects.filter(patient__in=patients)
    return _log(kits.filter(source=source) if source else kits, on)


def kits_of(patient: Patient) -> QuerySet[Kit]:
    return Kit.objects.filter(patient=patient).select_related("patient__site", "kit_return")


def _log(kits: QuerySet[Kit], on: date) -> AccountabilityLog:
    """Four statements, however many kits."""
    handed_out = kits.filter(dispensed_on__lte=on).select_related("patient", "kit_return")
    rows = list(handed_out.order_by("dispensed_on", "patient__subject_id", "kit_id"))
    actors = _actors(rows)
    return AccountabilityLog(
        lines=tuple(_line(row, on, actors.get(row.pk, "")) for row in rows),
        balances=tuple(_summed(list(_balances(rows, on)))),
    )


def _line(kit: Kit, on: date, actor: str) -> LogLine:
    return LogLine(kit, KitBalance(kit.facts, _count(kit, on)), actor)


def _count(kit: Kit, on: date) -> KitReturnFacts | None:
    """What is known on a day of what came back."""
    row = kit.kit_return.facts if hasattr(kit, "kit_return") else None
    return row if row is not None and row.returned_on <= on else None


def _actors(rows: Sequence[Kit]) -> dict[int, str]:
    """Who entered each kit, from the trail."""
    events = apps.get_model("dosing", "KitEvent")._default_manager
    entered = events.filter(pgh_obj__in=[row.pk for row in rows], pgh_label="insert")
    return dict(entered.values_list("pgh_obj_id", "pgh_context__actor"))


def _balances(rows: Sequence[Kit], on: date) -> Iterator[StrengthBalance]:
    """Of each patient on their own: what one kept, nobody else returns."""
    by_patient: dict[int, list[Kit]] = {}
    for row in rows:
        by_patient.setdefault(row.patient_id, []).append(row)
    for kits in by_patient.values():
        counts = [count for kit in kits if (count := _count(kit, on)) is not None]
        yield from strength_balances([kit.facts for kit in kits], counts)


def _summed(balances: Sequence[StrengthBalance]) -> Iterator[StrengthBalance]:
    names = ("dispensed", "returned", "lost", "used", "not_counted", "kept")
    for strength in sorted({row.strength_mg for row in balances}):
        mine = [row for row in balances if row.strength_mg == strength]
        yield StrengthBalance(strength, *(sum(getattr(row, name) for row in mine) for name in names))
