"""What the database itself holds of an event: its worst grade is that of its history, and no confirmation outlives what
was confirmed."""

import pgtrigger

_WORST_IS_OF_HISTORY = """
    SELECT e.grade, MAX(g.grade) AS worst INTO graded
        FROM adverse_events_adverseevent e JOIN adverse_events_eventgrade g ON g.adverse_event_id = e.id
        WHERE e.id = {event} GROUP BY e.id;
    IF FOUND AND graded.grade IS DISTINCT FROM graded.worst THEN
        RAISE EXCEPTION 'grade refused: % is recorded, the history says %', graded.grade, graded.worst
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""
_UNCONFIRMED_BY_CHANGE = """
    IF OLD.confirmed_at IS NOT NULL AND NEW.confirmed_at = OLD.confirmed_at AND
        ROW(NEW.causality, NEW.serious, NEW.expectedness, NEW.action_taken) IS DISTINCT FROM
        ROW(OLD.causality, OLD.serious, OLD.expectedness, OLD.action_taken)
    THEN
        NEW.is_provisional := TRUE;
        NEW.confirmed_by_id := NULL;
        NEW.confirmed_at := NULL;
    END IF;
    RETURN NEW;
"""


def worst_is_of_history(event: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """For a table whose row names its event by the expression `event`.

    Checked at the end of the transaction, so that grade and history may be written in either order.
    """
    return pgtrigger.Trigger(
        name="worst_is_of_history",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        declare=[("graded", "RECORD")],
        func=_WORST_IS_OF_HISTORY.replace("{event}", event),
    )


def unconfirmed_by_change() -> pgtrigger.Trigger:
    """A correction or an import that changes what was judged makes it provisional again."""
    return pgtrigger.Trigger(
        name="unconfirmed_by_change",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func=_UNCONFIRMED_BY_CHANGE,
    )
