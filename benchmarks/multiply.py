"""Many patients from few: the rows of every patient once more, with keys of their own, by the database itself.

An import of 100,000 patients would take hours; what is measured over them are pages, and pages only ask how much there
is. Triggers and foreign keys rest meanwhile (the rows come from rows that they have let through), the trail is not
multiplied, and each copy of a patient goes to another of a few dozen sites.
"""

from datetime import date
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg.sql import SQL, Composable, Identifier, Literal

from accounts.models import Delegation, Site, User
from audit import recording
from benchmarks.cohort_import import cohort_folder
from clinic.models import AmendmentRun
from courses.services import sum_up_tallies
from exchange.seeding import ensure_demo_logins
from exchange.services import import_cohort
from patients.models import Patient
from protocol import load_protocol
from visits.models import LabResult

Model = type[models.Model]

INVENTED = 1_000  # patients whose courses differ; more than these are copies of them
SITES = 36
EVERYWHERE = ("pi",)  # works at all of them
STEP = 100_000_000  # between the keys of two copies of a row
# Read of one patient at a time, by no page over many; and what belongs to a site and no patient.
_LEFT_OUT = (LabResult, AmendmentRun)
_SITE = SQL("({sites}::bigint[])[1 + (t.{patient} + 7 * k) % {count}]")
_NAME = SQL(
    "(SELECT code FROM accounts_site s WHERE s.id = {site})"
    " || '-' || lpad(t.id::text, 4, '0') || lpad(k::text, 3, '0')"
)


def fill(patients: int, *, on: date) -> None:
    """Fill the empty database the connection is to: so many, or the next multiple of 1,000 above that."""
    system = User.objects.system()
    with cohort_folder(min(patients, INVENTED), on) as folder:
        import_cohort(by=system, folder=folder, on=on)
    ensure_demo_logins(by=system, password="-", from_on=load_protocol().study.starts_on)
    copies = -(-patients // INVENTED) - 1
    if copies > 0:
        multiply(by=system, copies=copies)
    settle()


def settle() -> None:
    """What the database does by and by of its own accord."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def multiply(*, by: User, copies: int) -> None:
    """So many copies of every patient that is there, and of everything that hangs on them."""
    sites, owners = _sites(by), _models_of_patients()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for model in owners:
            cursor.execute(_copy(model, owners, sites, copies))
        cursor.execute("SET LOCAL session_replication_role = origin")
    sum_up_tallies()


def _sites(by: User) -> list[int]:
    """The primary keys of all sites, where some people work everywhere."""
    with recording(by=by, reason="Benchmark"):
        for number in range(1, SITES + 1):
            site, is_new = Site.objects.get_or_create(code=f"{number:02d}")
            for known in (
                Delegation.objects.filter(user__username__in=EVERYWHERE, site__code="01") if is_new else ()
            ):
                Delegation.objects.create(
                    user=known.user, role=known.role, site=site, from_on=known.from_on, delegated_by=by
                )
    return list(Site.objects.order_by("code").values_list("pk", flat=True))


def _models_of_patients() -> list[Model]:
    """The patient, and what belongs to one, directly or over others; no trail."""
    found: list[Model] = [Patient]
    known = [m for m in apps.get_models() if m not in _LEFT_OUT and not hasattr(m, "pgh_tracked_model")]
    while more := [m for m in known if m not in found and _belongs(m, found)]:
        found += more
    return found


def _belongs(model: Model, owners: list[Model]) -> bool:
    return any(field.related_model in owners for field in model._meta.concrete_fields)


def _copy(model: Model, owners: list[Model], sites: list[int], copies: int) -> Composable:
    columns = {field.column: _value(field, model, owners, sites) for field in model._meta.concrete_fields}
    statement = SQL(
        "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
        " SELECT {values} FROM {table} t, generate_series(1, {copies}) k"
    )
    return statement.format(
        table=Identifier(model._meta.db_table),
        columns=SQL(", ").join(map(Identifier, columns)),
        values=SQL(", ").join(columns.values()),
        copies=Literal(copies),
    )


def _value(field: Any, model: Model, owners: list[Model], sites: list[int]) -> Composable:
    """What a copy has in a column: keys a step further, another site, names of its own; else the same."""
    own = SQL("t.{}").format(Identifier(field.column))
    if field.primary_key or field.related_model in owners:
        return SQL("{} + k::bigint * {}").format(own, Literal(STEP))
    if field.related_model is Site:
        return _site(model, sites)
    if isinstance(field, models.UUIDField) and field.unique:
        return SQL("gen_random_uuid()")
    if field.name == "subject_id" and model is Patient:
        return _NAME.format(site=_site(model, sites))
    return SQL("{} || '/' || k").format(own) if field.unique else own


def _site(model: Model, sites: list[int]) -> Composable:
    patient = Identifier("id" if model is Patient else "patient_id")
    return _SITE.format(sites=Literal(sites), patient=patient, count=Literal(len(sites)))
