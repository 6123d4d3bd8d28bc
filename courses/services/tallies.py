"""The stored sums: only what differs is written, in one statement, in order."""

import json
import uuid
from collections import Counter

from django.db import connection, transaction
from psycopg.sql import SQL

from accounts.models import Site
from courses.models import Tally, TallyRevision

Sums = Counter[tuple[int, str, str]]  # (site, figure, key) -> what is to be added

_ADD = """
    INSERT INTO courses_tally (site_id, figure, key, n)
    SELECT (row->>0)::bigint, row->>1, row->>2, (row->>3)::bigint FROM json_array_elements(%s::json) row
    ON CONFLICT (site_id, figure, key) DO UPDATE SET n = courses_tally.n + EXCLUDED.n
"""


SUMMED = SQL("""
    SELECT summary.site_id, figure.key AS figure, counted.key, sum(counted.value::bigint) AS n
    FROM courses_coursesummary summary, jsonb_each(summary.tallied) figure, jsonb_each_text(figure.value) counted
    WHERE summary.site_id IS NOT NULL GROUP BY 1, 2, 3
""")


@transaction.atomic
def add_to_tallies(sums: Sums) -> None:
    """Add to the sums of some sites. The new revision comes first: it holds the site until the transaction ends."""
    changed = sorted((*place, n) for place, n in sums.items() if n)
    if not changed:
        return
    sites = sorted({site_id for site_id, *_ in changed})
    _revise(sites)
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [json.dumps(changed)])
    Tally.objects.filter(site__in=sites, n=0).delete()


@transaction.atomic
def sum_up_tallies() -> None:
    """Every sum anew from what stands with the summaries."""
    _revise(list(Site.objects.order_by("pk").values_list("pk", flat=True)))
    Tally.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(SQL("INSERT INTO courses_tally (site_id, figure, key, n)") + SUMMED)


def _revise(sites: list[int]) -> None:
    TallyRevision.objects.bulk_create(
        [TallyRevision(site_id=site_id, revision=uuid.uuid4()) for site_id in sites],
        update_conflicts=True,
        unique_fields=["site"],
        update_fields=["revision"],
    )
