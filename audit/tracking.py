"""What makes a table clinical: three triggers that keep its history, and the ones that guard it.

The trail of a table is a second table beside it (`<Model>Event`): a row per inserted, updated or deleted row with the
values as they became (for a deletion: as they were), the instant, and the context with actor and reason.
"""

from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

ModelType = TypeVar("ModelType", bound=type[models.Model])

_CONTEXT = "JSONB := NULLIF(current_setting('pghistory.context_metadata', TRUE), '')::JSONB"
_NEEDS_ACTOR = """
        IF COALESCE(TRIM(context->>'actor'), '') = '' THEN
            RAISE EXCEPTION '% on % refused: no actor. Write inside audit.recording(by=..., reason=...).',
                TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END IF;
        IF TG_OP <> 'INSERT' AND COALESCE(TRIM(context->>'reason'), '') = '' THEN
            RAISE EXCEPTION '% on % refused: no reason. Say why in audit.recording(by=..., reason=...).',
                TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NULL;
"""


class NeedsActor(pgtrigger.Trigger):
    """Refuses a statement without an actor, and a change without a reason."""

    name = "needs_actor"
    when = pgtrigger.Before
    level = pgtrigger.Statement
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    declare = [("context", _CONTEXT)]
    func = _NEEDS_ACTOR


def never_truncate() -> pgtrigger.Trigger:
    """TRUNCATE fires no row trigger: it would empty a table without an event, so it is refused."""
    return pgtrigger.Trigger(
        name="never_truncate",
        when=pgtrigger.Before,
        level=pgtrigger.Statement,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'TRUNCATE of % refused: it would leave no trail', TG_TABLE_NAME;",
    )


def clinical(model: ModelType) -> ModelType:
    """Class decorator of every clinical model: history, guard, no TRUNCATE of the table or of its trail."""
    pgtrigger.register(NeedsActor(), never_truncate())(model)
    every_row = (pghistory.InsertEvent(), pghistory.UpdateEvent(condition=None), pghistory.DeleteEvent())
    tracked: ModelType = pghistory.track(*every_row, meta={"triggers": [never_truncate()]})(model)
    return tracked
