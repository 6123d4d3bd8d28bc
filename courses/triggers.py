"""What the database does itself when a course summary goes: its patient no longer counts."""

import pgtrigger


def leaves_the_sums() -> pgtrigger.Trigger:
    """Takes what a deleted summary has added away again, whoever deletes it and however."""
    return pgtrigger.Trigger(
        name="leaves_the_sums",
        when=pgtrigger.After,
        operation=pgtrigger.Delete,
        condition=pgtrigger.Condition("OLD.site_id IS NOT NULL"),
        func="""
            INSERT INTO courses_tallyrevision (site_id, revision) VALUES (OLD.site_id, gen_random_uuid())
            ON CONFLICT (site_id) DO UPDATE SET revision = EXCLUDED.revision;
            INSERT INTO courses_tally (site_id, figure, key, n)
            SELECT OLD.site_id, figure.key, counted.key, -(counted.value::bigint)
            FROM jsonb_each(OLD.tallied) figure, jsonb_each_text(figure.value) counted ORDER BY 2, 3
            ON CONFLICT (site_id, figure, key) DO UPDATE SET n = courses_tally.n + EXCLUDED.n;
            RETURN NULL;
        """,
    )
