"""A course told day by day: what the rules compute in closed form, counted here the slow and obvious way.

Also the makers of random courses for hypothesis. Nothing here is imported by the product.
"""

from datetime import date, timedelta

from hypothesis import strategies as st

from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts

PATTERNS = [
    (400,),
    (300,),
    (0,),
    (200,),
    (400, 0),
    (400, 300),
    (0, 400, 300),
    (600,),
    (0, 0),
    (100, 400, 0, 0),
]
DAY = timedelta(days=1)


def order(from_on, *pattern_mg, anchor_on=None, reason="START"):
    return DoseOrderFacts(from_on, pattern_mg, anchor_on or from_on, reason)


def kit(dispensed_on, tablets, strength_mg=400, kit_id=None, source="IP"):
    return KitFacts(
        kit_id or f"{dispensed_on}/{strength_mg}/{tablets}", dispensed_on, source, strength_mg, tablets
    )


def back(of, returned, lost=0, kept=0, on=None):
    return KitReturnFacts(of.kit_id, on or of.dispensed_on, returned, lost, kept)


def days_of(from_on, until):
    return [from_on + timedelta(days=n) for n in range((until - from_on).days + 1)]


def mg_of(orders, day, last_dose_on=None):
    """The mg ordered on a day by the last order begun; None where no order holds."""
    if last_dose_on and day > last_dose_on:
        return None
    in_force = last_begun(orders, day)
    return in_force and in_force.pattern_mg[(day - in_force.anchor_on).days % len(in_force.pattern_mg)]


def last_begun(orders, day):
    found = None
    for one in orders:
        if one.from_on <= day and (found is None or one.from_on > found.from_on):
            found = one
    return found


def walk_missed(orders, missed, last_dose_on):
    """The days on which the missed doses fall, with their mg."""
    gone = {}
    for row in sorted(missed, key=lambda row: (row.from_on, row.to_on)):
        left = row.doses_missed
        for day in days_of(row.from_on, row.to_on):
            mg = mg_of(orders, day, last_dose_on)
            if left and mg and day not in gone:
                gone[day] = mg
                left -= 1
    return gone


def walk_exposure(orders, missed, from_on, until, last_dose_on):
    """(days, dosing days, ordered mg, taken mg) of a scope."""
    daily = {day: mg_of(orders, day, last_dose_on) or 0 for day in days_of(from_on, until)}
    gone = walk_missed(orders, missed, last_dose_on)
    ordered = sum(daily.values())
    not_taken = sum(mg for day, mg in gone.items() if day in daily)
    return len(daily), sum(1 for mg in daily.values() if mg), ordered, ordered - not_taken


def walk_coverage(orders, kits, until, last_dose_on, from_on=None):
    """(dosing days, covered days), from the first dispensing or from `from_on`."""
    first = min([k.dispensed_on for k in kits] + ([from_on] if from_on else []))
    supply = dosing = covered = 0
    for day in days_of(first, until):
        supply += sum(k.mg for k in kits if k.dispensed_on == day)
        mg = mg_of(orders, day, last_dose_on) or 0
        is_covered = 0 < mg <= supply
        supply -= mg if is_covered else 0
        if day >= (from_on or first):
            dosing += mg > 0
            covered += is_covered
    return dosing, covered


def walk_holds(orders, on, last_dose_on):
    """Runs of days in a row under a hold order, as (first, last), counted to `on`."""
    runs = []
    for day in days_of(min(o.from_on for o in orders), on):
        if any(last_begun(orders, day).pattern_mg) or (last_dose_on and day > last_dose_on):
            continue
        if runs and runs[-1][1] == day - DAY:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


STARTS = st.dates(date(2019, 1, 1), date(2029, 12, 31))


@st.composite
def dose_orders(draw, start):
    """Up to seven orders from around `start` on; anchors before, on and after the order's first day."""
    offsets = draw(st.lists(st.integers(-5, 500), min_size=1, max_size=7, unique=True))
    return [
        order(
            start + offset * DAY,
            *draw(st.sampled_from(PATTERNS)),
            anchor_on=start + (offset + draw(st.integers(-9, 9))) * DAY,
        )
        for offset in offsets
    ]


@st.composite
def missed_rows(draw, start):
    rows = draw(st.lists(st.tuples(st.integers(-5, 450), st.integers(0, 60), st.integers(0, 40)), max_size=5))
    return [MissedDosesFacts(start + f * DAY, start + (f + n) * DAY, doses) for f, n, doses in rows]


@st.composite
def kits_of(draw, start):
    rows = draw(
        st.lists(
            st.tuples(st.integers(-5, 450), st.sampled_from([100, 400]), st.integers(0, 120)),
            min_size=1,
            max_size=8,
        )
    )
    return [kit(start + d * DAY, n, mg, kit_id=f"K{i}") for i, (d, mg, n) in enumerate(rows)]


@st.composite
def courses(draw):
    """(start, orders, missed, kits, last dose or None, cut-off)."""
    start = draw(STARTS)
    last_dose_on = draw(st.none() | st.integers(0, 500).map(lambda n: start + n * DAY))
    on = start + draw(st.integers(0, 520)) * DAY
    return start, draw(dose_orders(start)), draw(missed_rows(start)), draw(kits_of(start)), last_dose_on, on
