"""The worked examples that define the arithmetic, ticked off by their names: id, computed, expected.

Each row calls the rule the product itself calls. Percentages are shown as the pages show them, to two decimals.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from course_walk import DAY, back, kit, order
from test_lab_grades import grade_of
from test_label_advice import HAEM, HEPATIC, advice, labs
from test_medication_availability import A, B, C, cma, covered_without_carry_over

from adverse_events.rules.clocks import awareness_day, sae_report_due_at, unexpected_reaction_clock
from courses.rules.pill_count import rdi_by_pill_count
from dosing.rules.accountability import accountability_intervals, pill_count_percent
from dosing.rules.exposure import MissedDosesFacts, exposure, percent_of_planned_course
from dosing.rules.holds import hold_count
from dosing.rules.orders import dose_periods, ordered_mg
from dosing.rules.returns import return_excesses
from dosing.rules.supply import coverage, mpr
from protocol import load_protocol
from protocol.days import (
    add_months,
    days_between,
    extension_from,
    phase_on,
    planned_end_on,
    round_half_up,
    treatment_day,
)
from visits.rules.schedule import Anchors, is_in_window, project

PROTOCOL = load_protocol()
REGIMEN, CLOCKS = PROTOCOL.regimen, PROTOCOL.adverse_events
SEOUL = ZoneInfo("Asia/Seoul")
Vector = tuple[str, Callable[[], object], object]


def d(text: str) -> date:
    return date.fromisoformat(text)


def days(text: str) -> list[date]:
    return [d(day) for day in text.split()]


def shown(value) -> str | None:
    return None if value is None else str(round_half_up(value, 2))


# -- toxicity: when to hold, when to resume, at which dose, and for how long a hold may last -------------------


def holds(rule, **values):
    return advice(rule, labs(**values)).action.value


def resumes(rule, **values):
    others = {} if rule is HAEM else {"ALT": "1", "AST": "1", "BILI": "1"}
    return advice(rule, labs(**others | values), on_hold=True).action.value


def resumed_at(occurrence):
    return advice(HAEM, labs(ANC="1.5", PLT="75"), True, occurrence).resume_dose_mg


def held(hold_on, resume_on):
    """Days of the hold on its last day, and whether that is an alert, and over the limit."""
    periods = dose_periods([order(d(hold_on), 0), order(d(resume_on), 400)], None)
    found = hold_count(periods, d(resume_on) - DAY, REGIMEN)
    return found.days_now, found.is_alert, found.is_over_limit


TOXICITY: list[Vector] = [
    ("ANC 0.99 holds", lambda: holds(HAEM, ANC="0.99"), "HOLD"),
    ("ANC 1.00 does not", lambda: holds(HAEM, ANC="1.00"), "NONE"),
    ("PLT 49 holds", lambda: holds(HAEM, PLT="49"), "HOLD"),
    ("PLT 50 does not", lambda: holds(HAEM, PLT="50"), "NONE"),
    ("ANC 1.50 and PLT 75 resume", lambda: resumes(HAEM, ANC="1.50", PLT="75"), "RESUME"),
    ("ANC 1.49 and PLT 80 not yet", lambda: resumes(HAEM, ANC="1.49", PLT="80"), "NOT_YET"),
    ("ANC 2.0 and PLT 74 not yet", lambda: resumes(HAEM, ANC="2.0", PLT="74"), "NOT_YET"),
    ("the first time at 400", lambda: resumed_at(1), 400),
    ("the second time at 300", lambda: resumed_at(2), 300),
    ("ALT 5.00 ULN does not hold", lambda: holds(HEPATIC, ALT="5.00"), "NONE"),
    ("ALT 5.01 ULN holds", lambda: holds(HEPATIC, ALT="5.01"), "HOLD"),
    ("ALT 2.49 ULN resumes", lambda: resumes(HEPATIC, ALT="2.49"), "RESUME"),
    ("ALT 2.50 ULN not yet", lambda: resumes(HEPATIC, ALT="2.50"), "NOT_YET"),
    ("bilirubin 3.00 ULN does not hold", lambda: holds(HEPATIC, BILI="3.00"), "NONE"),
    ("bilirubin 3.01 ULN holds", lambda: holds(HEPATIC, BILI="3.01"), "HOLD"),
    ("bilirubin 1.49 ULN resumes", lambda: resumes(HEPATIC, BILI="1.49"), "RESUME"),
    ("bilirubin 1.50 ULN not yet", lambda: resumes(HEPATIC, BILI="1.50"), "NOT_YET"),
    ("a hold of 28 days", lambda: held("2025-01-01", "2025-01-29"), (28, False, False)),
    ("a hold of 29 days alerts", lambda: held("2025-01-01", "2025-01-30"), (29, True, False)),
    ("a hold of 90 days is allowed", lambda: held("2025-01-01", "2025-04-01"), (90, True, False)),
    ("a hold of 91 days is too long", lambda: held("2025-01-01", "2025-04-02"), (91, True, True)),
    ("a hold over a leap day", lambda: held("2024-02-20", "2024-03-05"), (14, False, False)),
]


# -- the calendar ---------------------------------------------------------------------------------------------


def course(first_dose):
    """Extension from, last planned dose, days of standard treatment, of the extension, of both, and planned mg."""
    t0 = d(first_dose)
    extension, end = extension_from(t0, REGIMEN), planned_end_on(t0, REGIMEN)
    standard, total = days_between(t0, extension - DAY), days_between(t0, end)
    mg = total * REGIMEN.planned_dose_mg
    return str(extension), str(end), standard, days_between(extension, end), total, mg


def planned(first_dose, code, ended=None):
    """The target and the first day of the window of a visit."""
    anchors = Anchors("A", first_dose_on=d(first_dose), treatment_ended_on=ended and d(ended))
    (visit,) = [visit for visit in project(PROTOCOL, anchors) if visit.code == code]
    return str(visit.target_on), str(visit.opens_on)


def months_on(*months):
    return [add_months(d("2023-08-31"), month) for month in months]


def treatment_days(text):
    return [treatment_day(d("2022-09-07"), day) for day in days(text)]


def phases(text):
    return [phase_on(d("2022-09-07"), day, REGIMEN).value for day in days(text)]


def in_window(text):
    target = d("2022-12-07")
    return [is_in_window(day, target - 14 * DAY, target + 14 * DAY) for day in days(text)]


DOSE_AT = datetime(2025, 9, 6, 15, 30, tzinfo=UTC)  # half past midnight in Seoul
CALENDAR: list[Vector] = [
    ("CAL1", lambda: course("2022-09-07"), ("2025-09-07", "2027-09-06", 1096, 730, 1826, 730_400)),
    ("CAL2", lambda: course("2024-02-29"), ("2027-02-28", "2029-02-27", 1095, 731, 1826, 730_400)),
    ("CAL3", lambda: course("2023-03-01"), ("2026-03-01", "2028-02-29", 1096, 731, 1827, 730_800)),
    ("CAL4", lambda: months_on(1, 2, 6, 18), days("2023-09-30 2023-10-31 2024-02-29 2025-02-28")),
    ("CAL5 last planned dose", lambda: course("2025-05-01")[1], str(PROTOCOL.study.completes_on)),
    ("CAL5 safety follow-up", lambda: planned("2025-05-01", "SFU")[0], "2030-05-30"),
    ("CAL6 first days", lambda: treatment_days("2022-09-06 2022-09-07"), [-1, 1]),
    ("CAL6 later days", lambda: treatment_days("2025-09-06 2025-09-07 2027-09-06"), [1096, 1097, 1826]),
    ("CAL7 change", lambda: phases("2025-09-06 2025-09-07"), ["STANDARD", "EXTENSION"]),
    ("CAL7 end", lambda: phases("2027-09-06 2027-09-07"), ["EXTENSION", "POST"]),
    ("CAL8", lambda: phases(str(DOSE_AT.astimezone(SEOUL).date())), ["EXTENSION"]),
    ("CAL9", lambda: planned("2022-09-07", "SFU", "2027-09-06"), ("2027-10-06", "2027-10-04")),
    ("CAL9 contraception", lambda: planned("2022-09-07", "CTR", "2027-09-06")[0], "2027-12-06"),
    ("CAL9 contraception in February", lambda: planned("2022-12-01", "CTR", "2027-11-30")[0], "2028-02-29"),
    ("WIN1 opens", lambda: in_window("2022-11-22 2022-11-23"), [False, True]),
    ("WIN1 closes", lambda: in_window("2022-12-21 2022-12-22"), [True, False]),
]


# -- dose intensity -------------------------------------------------------------------------------------------

T0 = d("2022-09-07")
RDI6 = [order(d(day), mg) for day, mg in (
    ("2022-09-07", 400), ("2023-01-10", 0), ("2023-01-24", 300), ("2023-05-01", 400)
)]  # fmt: skip
RDI8_END = T0 + 549 * DAY


def exposed(orders, from_on, until, missed=0):
    rows = [MissedDosesFacts(from_on, until, missed)] if missed else []
    return exposure(dose_periods(orders, None), rows, from_on, until, REGIMEN.planned_dose_mg)


def intensity(*runs, start="2025-01-01"):
    """Days, dosing days, mg, RDI and mg a day of runs of (days, pattern…) one after the other."""
    orders, day = [], d(start)
    for days, *pattern_mg in runs:
        orders.append(order(day, *pattern_mg))
        day += timedelta(days=days)
    return sums(exposed(orders, d(start), day - DAY))


def sums(found):
    of_days = found.days, found.dosing_days, found.taken_mg
    return (*of_days, shown(found.rdi_percent), shown(found.intensity_mg_per_day))


def month_of(first, last):
    return ordered_mg(dose_periods([order(d("2025-03-01"), 400, 0)], None), d(first), d(last))


def thirty_days(mg, missed):
    """Mg taken, adherence and RDI."""
    found = exposed([order(T0, mg)], T0, T0 + 29 * DAY, missed)
    return found.taken_mg, shown(found.adherence_percent), shown(found.rdi_percent)


def stopped_early():
    """Mg taken, RDI, and percent of the five and of the three planned years."""
    found = exposed([order(T0, 400)], T0, RDI8_END)
    shares = [percent_of_planned_course(found.taken_mg, days, 400) for days in (1826, 1096)]
    return str(RDI8_END), found.taken_mg, *map(shown, (found.rdi_percent, *shares))


def across_the_boundary():
    halves = (("2025-08-28", "2025-09-06"), ("2025-09-07", "2025-09-16"))
    return [sums(exposed([order(T0, 400)], d(first), d(last)))[1:4] for first, last in halves]


INTENSITY: list[Vector] = [
    ("RDI1", lambda: intensity((365, 400)), (365, 365, 146_000, "100.00", "400.00")),
    ("RDI1 leap year", lambda: intensity((366, 400), start="2024-01-01")[2], 146_400),
    ("RDI2", lambda: intensity((100, 400), (14, 0), (51, 300)), (165, 151, 55_300, "83.79", "335.15")),
    ("RDI3 of 28 days", lambda: intensity((28, 400, 0)), (28, 14, 5_600, "50.00", "200.00")),
    ("RDI3 of 29 days", lambda: intensity((29, 400, 0)), (29, 15, 6_000, "51.72", "206.90")),
    ("RDI4 of 30 days", lambda: intensity((30, 400, 300)), (30, 30, 10_500, "87.50", "350.00")),
    ("RDI4 of 31 days", lambda: intensity((31, 400, 300)), (31, 31, 10_900, "87.90", "351.61")),
    ("RDI5", across_the_boundary, [(10, 4_000, "100.00"), (10, 4_000, "100.00")]),
    ("RDI6", lambda: sums(exposed(RDI6, T0, d("2023-12-31"))), (481, 467, 177_100, "92.05", "368.19")),
    ("RDI7 March", lambda: month_of("2025-03-01", "2025-03-31"), 6_400),
    ("RDI7 1 April", lambda: month_of("2025-04-01", "2025-04-01"), 0),
    ("RDI7 April", lambda: month_of("2025-04-01", "2025-04-30"), 6_000),
    ("RDI8", stopped_early, ("2024-03-09", 220_000, "100.00", "30.12", "50.18")),
    ("RDI9", lambda: thirty_days(400, 2), (11_200, "93.33", "93.33")),
    ("RDI10", lambda: thirty_days(300, 3), (8_100, "90.00", "67.50")),
]


# -- pill counts ----------------------------------------------------------------------------------------------

OUT, NEXT = d("2025-09-07"), d("2025-12-07")  # 91 days apart


def counted(kits, returns, orders=None, last_dose_on=NEXT - DAY):
    orders = orders or [order(OUT, 400)]
    return accountability_intervals(kits, returns, dose_periods(orders, last_dose_on), last_dose_on)


def pills(out, returned, lost=0, *, days=91, pattern=(400,), strength=400):
    """Tablets used and needed, and the percentage."""
    one = kit(OUT, out, strength)
    ends_on = OUT + (days - 1) * DAY
    (found,) = counted([one], [back(one, returned, lost)], [order(OUT, *pattern)], ends_on)
    return found.consumed_mg // strength, found.expected_mg // strength, shown(found.percent)


def not_counted(*kits, returns=()):
    """The percentage, and its bounds."""
    (found,) = counted(kits, returns)
    return found.percent, *map(shown, found.bounds_percent)


def with_a_hold():
    orders = [order(OUT, 400), order(OUT + 20 * DAY, 0), order(OUT + 34 * DAY, 400)]
    found = counted([kit(OUT, 100)], [back(kit(OUT, 100), 25)], orders)
    return shown(pill_count_percent(found)), shown(rdi_by_pill_count(found, 400))


def two_strengths():
    kits, orders = [kit(OUT, 60), kit(OUT, 100, 100)], [order(OUT, 400), order(OUT + 40 * DAY, 300)]
    found = counted(kits, [back(kits[0], 21), back(kits[1], 12)], orders, OUT + 69 * DAY)
    of_each = [shown(one.percent) for one in reversed(found[0].per_strength)]
    pooled = found[0].consumed_mg, found[0].expected_mg
    return *of_each, *pooled, shown(found[0].percent), shown(rdi_by_pill_count(found, 400))


def carried_in():
    kits = [kit(OUT, 100), kit(NEXT, 90)]
    found = counted(kits, [back(kits[0], 0, kept=9), back(kits[1], 10)], last_dose_on=NEXT + 90 * DAY)
    return sum(one.consumed_mg for one in found) // 400, shown(pill_count_percent(found))


def nothing_expected():
    """An interval without a day: two kits of one day are one supply, so here a kit after the last dose."""
    return [one.percent for one in counted([kit(NEXT, 50)], [back(kit(NEXT, 50), 50)])]


def last_interval():
    one, ends_on = kit(d("2027-06-07"), 100), d("2027-09-06")
    (found,) = counted([one], [back(one, 8)], last_dose_on=ends_on, orders=[order(OUT, 400)])
    return found.consumed_mg // 400, found.expected_mg // 400, shown(found.percent)


def between_dispensings():
    kits = [kit(d("2005-01-01"), 30), kit(d("2005-01-20"), 30)]
    (found,) = counted(kits, [], [order(d("2005-01-01"), 400)], None)
    return days_between(found.from_on, found.to_on)


def one_kit_missing():
    kits = [kit(OUT, 50, kit_id="A"), kit(OUT, 50, kit_id="B")]
    return not_counted(*kits, returns=[back(kits[0], 9)])[0]


PILLS: list[Vector] = [
    ("PILL1", lambda: pills(100, 9), (91, 91, "100.00")),
    ("PILL2", lambda: pills(100, 16), (84, 91, "92.31")),
    ("PILL3", lambda: not_counted(kit(OUT, 100)), (None, "0.00", "100.00")),
    ("PILL4", lambda: pills(100, 9, 5), (86, 91, "94.51")),
    ("PILL5", lambda: pills(300, 24, pattern=(300,), strength=100), (276, 273, "101.10")),
    ("PILL6", with_a_hold, ("97.40", "82.42")),
    ("PILL7", two_strengths, ("97.50", "97.78", 24_400, 25_000, "97.60", "87.14")),
    ("PILL8", carried_in, (180, "98.90")),
    ("PILL9", nothing_expected, [None]),
    ("PILL10", last_interval, (92, 92, "100.00")),
    ("PILL11", lambda: pills(100, 0, days=80), (100, 80, "125.00")),
    ("PILL12", lambda: pills(100, 7, days=31, pattern=(300,), strength=100), (93, 93, "100.00")),
    ("PILL13", between_dispensings, 19),
    ("PILL14", lambda: pills(20, 7, days=28, pattern=(400, 0)), (13, 14, "92.86")),
    ("PILL15", one_kit_missing, None),
    ("PILL16", lambda: len(return_excesses([kit(OUT, 90)], [back(kit(OUT, 90), 95)])), 1),
]


# -- days covered and possession ------------------------------------------------------------------------------


def covered(fills, until, from_on=None, orders=None):
    """Days covered, dosing days, PDC of the dosing days and of all days."""
    kits = [kit(d(day), tablets) for day, tablets in fills]
    periods = dose_periods(orders or [order(kits[0].dispensed_on, 400)], None)
    found = coverage(periods, kits, d(until), from_on and d(from_on))
    percents = found.prescribed_percent, found.calendar_percent
    return found.covered_days, found.dosing_days, *map(shown, percents)


def possession(fills, days):
    first = fills[0][0]
    return mpr([order(first, 400)], [kit(*fill) for fill in fills], first, first + (days - 1) * DAY, 400)


def of_cma(fills, start, days):
    return " ".join(
        f"{Decimal(shown(value)).normalize():f}" for value in cma(fills, start, start + days * DAY)
    )


QUARTER = [("2025-01-01", 30), ("2025-01-26", 30), ("2025-03-06", 30)]
HOLD = [order(d(day), mg) for day, mg in (("2025-01-01", 400), ("2025-02-01", 0), ("2025-02-11", 400))]
ONE_FILL = [("2025-01-01", 90)]
CHANGE = [("2025-06-07", 92), ("2025-09-10", 90)]
CARRIED = [("2025-06-07", 100), ("2025-09-10", 90)]
JAN_1 = d("2025-01-01")

SUPPLY: list[Vector] = [
    ("PDC1", lambda: covered(QUARTER, "2025-03-31"), (86, 90, "95.56", "95.56")),
    ("PDC1 without carry-over", lambda: covered_without_carry_over(A, JAN_1, JAN_1 + 90 * DAY), 81),
    ("PDC1 possession", lambda: possession(A, 90), 100),
    ("CMA-A", lambda: of_cma(A, JAN_1, 90), "93.75 100 93.75 100 93.75 95.56 95.56 95.56 95.56"),
    ("PDC2", lambda: covered(ONE_FILL, "2025-03-31", orders=HOLD), (80, 80, "100.00", "88.89")),
    ("PDC3", lambda: covered([("2024-02-01", 28)], "2024-02-29")[:3], (28, 29, "96.55")),
    ("PDC4 standard", lambda: covered(CHANGE, "2025-09-06")[:3], (92, 92, "100.00")),
    ("PDC4 extension", lambda: covered(CHANGE, "2025-12-06", "2025-09-07")[:3], (88, 91, "96.70")),
    ("PDC4 both", lambda: covered(CHANGE, "2025-12-06")[:3], (180, 183, "98.36")),
    ("PDC5", lambda: covered(CARRIED, "2025-12-06", "2025-09-07")[:3], (91, 91, "100.00")),
    ("CMA-B", lambda: of_cma(B, JAN_1, 90), "150 133.33 100 100 100 100 100 100 100"),
    ("CMA-C", lambda: of_cma(C, OUT, 183), "89.11 100 89.11 100 89.11 93.89 92.35 92.35 93.94"),
    ("MPR1", lambda: possession([(JAN_1, 90)], 75), 120),
]


# -- grades and reporting clocks ------------------------------------------------------------------------------

AWARE = datetime(2025, 10, 2, 16, 30, tzinfo=SEOUL)


def grades(test, *values):
    return [grade_of(test, value) for value in values]


def times_uln(*multiples):
    return grades("ALT", *(Decimal(multiple) * 40 for multiple in multiples))


def reaction(*, fatal):
    clock = unexpected_reaction_clock(awareness_day(AWARE, SEOUL), CLOCKS, fatal_or_life_threatening=fatal)
    return str(clock.report_by), str(clock.complete_by)


SAFETY: list[Vector] = [
    ("ANC 1.0, 0.99, 0.49", lambda: grades("ANC", "1.0", "0.99", "0.49"), [2, 3, 4]),
    ("PLT 75, 74, 49", lambda: grades("PLT", "75", "74", "49"), [1, 2, 3]),
    ("Hb 8.0, 7.9", lambda: grades("HGB", "8.0", "7.9"), [2, 3]),
    ("ALT 3.0, 3.01, 5.01, 20.01 ULN", lambda: times_uln("3.0", "3.01", "5.01", "20.01"), [1, 2, 3, 4]),
    ("24 hours", lambda: sae_report_due_at(AWARE, CLOCKS).isoformat(), "2025-10-03T16:30:00+09:00"),
    ("7 days and 8 more", lambda: reaction(fatal=True), ("2025-10-09", "2025-10-17")),
    ("15 days", lambda: reaction(fatal=False)[0], "2025-10-17"),
]


ALL = [*TOXICITY, *CALENDAR, *INTENSITY, *PILLS, *SUPPLY, *SAFETY]


@pytest.mark.parametrize(("computed", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ALL])
def test_vector(computed, expected):
    assert computed() == expected
