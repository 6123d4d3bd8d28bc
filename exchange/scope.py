"""Whose rows a folder may touch: those of the importer's own sites, and of sites that are nobody's yet."""

from django.db import connection
from psycopg.sql import SQL, Composed

from accounts.models import User
from accounts.permissions import Permission
from accounts.selectors import sites_visible_to
from exchange.rules.cohort import FILES
from exchange.staging import staged

_FOREIGN = """
    SELECT code FROM accounts_site WHERE NOT id = ANY (%s)
    AND EXISTS (SELECT FROM accounts_delegation d WHERE d.site_id = accounts_site.id)
    AND (
        code IN (SELECT site_id FROM import_patients)
        OR id IN (SELECT site_id FROM patients_patient WHERE subject_id IN ({}))
    ) ORDER BY code
"""


def foreign_sites(by: User) -> list[str]:
    """Codes of the sites that rows of the staged folder belong to, and where `by` may not import."""
    own = list(sites_visible_to(by, Permission.IMPORT_COHORT).values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(SQL(_FOREIGN).format(_subjects()), [own])
        return [code for (code,) in cursor.fetchall()]


def _subjects() -> Composed:
    return SQL(" UNION ").join(SQL("SELECT subject_id FROM {}").format(staged(file)) for file in FILES)
