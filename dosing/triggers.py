"""What the database itself refuses of a return: more tablets than were out, or a return before the dispensing.

Tablets out of one strength in an interval = dispensed on its first day + kept from the interval before. Checked at the
end of the transaction over all kits of the patient, so that the order in which rows arrive does not matter and a later
change of a kit, or of what was kept, cannot make an earlier return impossible.
"""

import pgtrigger

_SUPPLY_ADDS_UP = """
    SELECT patient_id INTO whose FROM dosing_kit WHERE id = {kit};
    SELECT i.dispensed_on, i.back, i.tablets + COALESCE(b.kept, 0) AS supply, i.too_early INTO wrong
        FROM (
            SELECT k.dispensed_on, k.strength_mg,
                SUM(k.tablets) AS tablets,
                COALESCE(SUM(r.tablets_returned + r.tablets_lost + r.tablets_kept), 0) AS back,
                COALESCE(BOOL_OR(r.returned_on < k.dispensed_on), FALSE) AS too_early
            FROM dosing_kit k LEFT JOIN dosing_kitreturn r ON r.kit_id = k.id
            WHERE k.patient_id = whose GROUP BY 1, 2
        ) i
        LEFT JOIN LATERAL (
            SELECT SUM(r.tablets_kept) AS kept
            FROM dosing_kit k JOIN dosing_kitreturn r ON r.kit_id = k.id
            WHERE k.patient_id = whose AND k.strength_mg = i.strength_mg AND k.dispensed_on = (
                SELECT MAX(d.dispensed_on) FROM dosing_kit d
                WHERE d.patient_id = whose AND d.dispensed_on < i.dispensed_on
            )
        ) b ON TRUE
        WHERE i.too_early OR i.back > i.tablets + COALESCE(b.kept, 0)
        LIMIT 1;
    IF FOUND AND wrong.too_early THEN
        RAISE EXCEPTION 'return refused: before the kit was dispensed' USING ERRCODE = 'check_violation';
    ELSIF FOUND THEN
        RAISE EXCEPTION 'return refused: % tablets back, only % were out', wrong.back, wrong.supply
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
"""


def supply_adds_up(kit: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """The trigger for a table whose row names its kit by the expression `kit`."""
    return pgtrigger.Trigger(
        name="supply_adds_up",
        when=pgtrigger.After,
        operation=operation,
        timing=pgtrigger.Deferred,
        declare=[("whose", "BIGINT"), ("wrong", "RECORD")],
        func=_SUPPLY_ADDS_UP.replace("{kit}", kit),
    )
