"""The course summary once more, day by day and in the most obvious way: what the quick rules must equal.

Written from the description of the summary alone. Nothing of the product's rules is used, only its record types.
"""

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

DAY = timedelta(days=1)
TREATMENT = ["D1", "W2", "W4", "M2", "M3"] + [f"M{n}" for n in range(6, 61, 3)]


def months_after(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def rounded(value, digits=2):
    if value is None:
        return None
    step = Decimal(1).scaleb(-digits)
    exact = Fraction(value)
    # thirty more digits than are kept: enough that no half is made or lost
    return float((Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(step, ROUND_HALF_UP))


def days(first, last):
    while first <= last:
        yield first
        first += DAY


class Oracle:
    def __init__(self, facts, on):
        self.facts, self.on, self.t0 = facts, on, facts.patient.first_dose_on
        self.last = facts.last_dose_on if facts.last_dose_on and facts.last_dose_on <= on else None
        self.orders = sorted((o for o in facts.orders if o.from_on <= on), key=lambda o: o.from_on)
        self.returns = {r.kit_id: r for r in facts.returns if r.returned_on <= on}
        self.kits = [k for k in facts.kits if k.dispensed_on <= on]
        if self.t0:
            self.ext0, self.end = months_after(self.t0, 36), months_after(self.t0, 60) - DAY
            self.until = min(d for d in (on, self.last or on, self.end))

    def order_on(self, day):
        if self.last and day > self.last:
            return None
        begun = [o for o in self.orders if o.from_on <= day]
        return begun[-1] if begun else None

    def mg(self, day):
        order = self.order_on(day)
        return order.pattern_mg[(day - order.anchor_on).days % len(order.pattern_mg)] if order else 0

    def missed_days(self):
        gone = set()
        rows = [m for m in self.facts.missed if m.from_on <= self.on]
        for row in sorted(rows, key=lambda m: (m.from_on, m.to_on)):
            free = [d for d in days(row.from_on, row.to_on) if self.mg(d) > 0 and d not in gone]
            gone |= set(free[: row.doses_missed])
        return gone

    def exposure(self, first, last):
        scope = list(days(first, last))
        if not scope:
            return None
        ordered = sum(map(self.mg, scope))
        missed = self.missed_days()
        taken = ordered - sum(self.mg(d) for d in scope if d in missed)
        planned = 400 * len(scope)
        return {
            "days": len(scope),
            "dosing_days": sum(self.mg(d) > 0 for d in scope),
            "ordered_mg": ordered,
            "taken_mg": taken,
            "planned_mg": planned,
            "rdi_percent": rounded(Fraction(100 * taken, planned)),
            "intensity_mg_per_day": rounded(Fraction(taken, len(scope))),
        }

    def intervals(self):
        """(first, last, evaluable, consumed mg, expected mg) of every closed interval."""
        starts = sorted({k.dispensed_on for k in self.kits})
        carried = {}
        for number, first in enumerate(starts):
            closing = starts[number + 1] - DAY if number + 1 < len(starts) else self.last
            kits = [k for k in self.kits if k.dispensed_on == first]
            back = [(k, self.returns[k.kit_id]) for k in kits if k.kit_id in self.returns]
            consumed = sum(count * mg for mg, count in carried.items())
            consumed += sum(k.tablets * k.strength_mg for k in kits)
            gone = [(r.tablets_returned + r.tablets_lost + r.tablets_kept) * k.strength_mg for k, r in back]
            if closing is not None:
                expected = sum(self.mg(d) for d in days(first, closing))
                yield first, closing, len(back) == len(kits) and expected > 0, consumed - sum(gone), expected
            carried = {}
            for kit, kept in back:
                carried[kit.strength_mg] = carried.get(kit.strength_mg, 0) + kept.tablets_kept

    def adherence(self):
        intervals = list(self.intervals())
        good = [i for i in intervals if i[2]]
        expected = sum(i[4] for i in good)
        return {
            "pill_count_percent": rounded(Fraction(100 * sum(i[3] for i in good), expected))
            if good
            else None,
            "evaluable_intervals": len(good),
            "not_evaluable_intervals": len(intervals) - len(good),
            "pdc_percent": self.pdc(),
        }

    def pdc(self):
        if not self.kits:
            return None
        supply = covered = dosing = 0
        for day in days(min(k.dispensed_on for k in self.kits), self.until):
            supply += sum(k.tablets * k.strength_mg for k in self.kits if k.dispensed_on == day)
            wanted = self.mg(day)
            if wanted:
                dosing += 1
                if supply >= wanted:
                    covered, supply = covered + 1, supply - wanted
        return rounded(Fraction(100 * covered, dosing)) if dosing else None

    def flags(self):
        found = [*self.dose_flags(), *self.hold_flags()]
        for first, last, evaluable, consumed, expected in self.intervals():
            if evaluable and consumed * 100 >= 120 * expected:
                found.append({"code": "OVERUSE", "from_on": str(first), "to_on": str(last)})
        return sorted(found, key=lambda f: (f["from_on"], f["code"]))

    def last_day(self, number):
        """The last day of the number-th order; None while it is open at the day of the summary."""
        following = self.orders[number + 1].from_on - DAY if number + 1 < len(self.orders) else None
        return min((d for d in (following, self.last) if d), default=None)

    def dose_flags(self):
        for number, order in enumerate(self.orders):
            mean, last = Fraction(sum(order.pattern_mg), len(order.pattern_mg)), self.last_day(number)
            if last and last < order.from_on:
                continue
            code = "DOSE_BELOW_300" if 0 < mean < 300 else "DOSE_ABOVE_PLAN" if mean > 400 else None
            if code:
                span = {"from_on": str(order.from_on), "to_on": str(last) if last else None}
                yield {"code": code, **span, "mean_daily_mg": rounded(mean, 1)}

    def hold_flags(self):
        if not self.orders:
            return
        run = None
        for day in days(self.orders[0].from_on, self.on + DAY):
            order = self.order_on(day) if day <= self.on else None
            if order and not any(order.pattern_mg):
                run = run or day
            elif run:
                length, is_open = (day - run).days, day > self.on and self.last != self.on
                span = {"from_on": str(run), "to_on": None if is_open else str(day - DAY)}
                yield from ({"code": f"HOLD_OVER_{n}_DAYS", **span} for n in (28, 90) if length > n)
                run = None

    def windows(self):
        offsets = {"D1": (0, 0, 0), "W2": (14, 3, 3), "W4": (28, 3, 3)}
        for code in TREATMENT:
            if code in offsets:
                target, before, after = self.t0 + offsets[code][0] * DAY, *offsets[code][1:]
            else:
                target = months_after(self.t0, int(code[1:]))
                before, after = (7, 7) if code in ("M2", "M3") else (7, 14) if code == "M60" else (14, 14)
            yield code, target, target - before * DAY, target + after * DAY
        if self.is_early():
            yield "EOT", self.last, self.last, self.last + 14 * DAY
        if self.last or self.on > self.end:
            target = (self.last or self.end) + 30 * DAY
            yield "SFU", target, target - 2 * DAY, target + 7 * DAY

    def is_early(self):
        return self.last is not None and self.last < self.end - 7 * DAY

    def visits(self):
        records = {v.code: v for v in self.facts.visits}
        for code, target, opens, closes in self.windows():
            record = records.get(code)
            occurred = (
                record.occurred_on
                if record and record.occurred_on and record.occurred_on <= self.on
                else None
            )
            yield {
                "visit": code,
                "target_on": str(target),
                "opens_on": str(opens),
                "closes_on": str(closes),
                "status": self.status(code, opens, closes, occurred, bool(record and record.not_done)),
                "occurred_on": str(occurred) if occurred else None,
            }

    def status(self, code, opens, closes, occurred, not_done):
        enrolled, is_b = self.facts.patient.enrolled_on, self.facts.patient.entry_path == "B"
        if occurred:
            return "COMPLETED" if opens <= occurred <= closes else "COMPLETED_OUT_OF_WINDOW"
        if not_done and opens <= self.on:
            return "NOT_DONE"
        if is_b and enrolled and closes < enrolled:
            return "PRE_ENROLMENT"
        if is_b and enrolled and opens <= enrolled <= closes:
            return "MERGED_WITH_ENTRY"
        left = [o.on for o in self.facts.outcomes if o.kind == "DEATH"] + [self.facts.participation_ended_on]
        if (code in TREATMENT and self.is_early() and self.last < opens) or any(
            day and day <= self.on and day <= closes for day in left
        ):
            return "CANCELLED"
        return "MISSED" if closes < self.on else "DUE" if opens <= self.on else "PLANNED"

    def rfs(self):
        if self.on < self.t0:
            return None
        known = [o for o in self.facts.outcomes if self.t0 <= o.on <= self.on]
        enrolled = self.facts.patient.enrolled_on
        events = sorted(
            (o.on, o.kind != "RECURRENCE", o.kind) for o in known if o.kind in ("RECURRENCE", "DEATH")
        )
        seen = [o.on for o in known if o.kind == "DISEASE_FREE"]
        entry = [enrolled] if enrolled and enrolled <= self.on else []
        on, status = (events[0][0], events[0][2]) if events else (max([self.t0, *entry, *seen]), "CENSORED")
        return {
            "from_on": str(self.t0),
            "entry_day": max((enrolled - self.t0).days, 0) if enrolled else 0,
            "status": status,
            "on": str(on),
            "days": (on - self.t0).days + 1,
        }

    def dose(self):
        order = self.order_on(self.until_dose()) if self.on >= self.t0 else None
        if order is None:
            return None
        mean = Fraction(sum(order.pattern_mg), len(order.pattern_mg))
        held = not any(order.pattern_mg)
        return {"pattern_mg": list(order.pattern_mg), "mean_daily_mg": rounded(mean, 1), "on_hold": held}

    def until_dose(self):
        return min(self.on, self.last or self.on)

    def phase(self):
        for name, start in (("POST", self.end + DAY), ("EXTENSION", self.ext0), ("STANDARD", self.t0)):
            if self.on >= start:
                return name
        return "PRE"

    def summary(self):
        """Everything of the summary but eligibility, for a patient with a first dose."""
        visits = list(self.visits())
        open_visits = [v for v in visits if v["status"] in ("DUE", "PLANNED")]
        keys = ("visit", "target_on", "opens_on", "closes_on")
        return {
            "first_dose_on": str(self.t0),
            "extension_from": str(self.ext0),
            "planned_end_on": str(self.end),
            "phase": self.phase(),
            "treatment_day": (self.on - self.t0).days + (self.on >= self.t0),
            "treatment_ended_on": str(self.last) if self.last else None,
            "dose": self.dose(),
            "exposure": {
                "course": self.exposure(self.t0, self.until),
                "standard": self.exposure(self.t0, min(self.until, self.ext0 - DAY)),
                "extension": self.exposure(self.ext0, self.until),
            },
            "adherence": self.adherence(),
            "flags": self.flags(),
            "visits": visits,
            "next_visit": {k: open_visits[0][k] for k in keys} if open_visits else None,
            "rfs": self.rfs(),
        }
