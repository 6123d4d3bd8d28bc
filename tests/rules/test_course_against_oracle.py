"""A thousand random courses: the summary equals the slow one, key by key."""

from datetime import date, timedelta
from random import Random

import pytest

from courses.rules.facts import CourseFacts
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from dosing.rules.accountability import KitFacts, KitReturnFacts
from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.orders import DoseOrderFacts
from patients.rules.facts import OutcomeFacts, PatientFacts
from protocol import load_protocol
from tests.rules.course_oracle import TREATMENT, Oracle
from visits.rules.status import VisitRecord

PATTERNS = [
    (400,),
    (300,),
    (0,),
    (0,),
    (200,),
    (400, 0),
    (400, 300),
    (0, 0),
    (600,),
    (100, 0, 400),
    (400, 400),
]
TRICKY = [date(2024, 2, 29), date(2023, 8, 31), date(2022, 9, 7), date(2021, 12, 31), date(2023, 3, 1)]


class Course:
    """One random course; every day lies near its first dose so that things meet."""

    def __init__(self, seed):
        self.random = Random(seed)
        self.t0 = self.random.choice(
            [*TRICKY, date(2020, 1, 1) + timedelta(days=self.random.randrange(2200))]
        )

    def some(self, most, make):
        return tuple(make() for _ in range(self.random.randint(0, most)))

    def day(self, first=-40, last=2100):
        return self.t0 + timedelta(days=self.random.randint(first, last))

    def orders(self):
        count, span = self.random.randint(0, 9), self.random.choice([60, 400, 1900])
        starts = {self.t0, *(self.day(-20, span) for _ in range(count))}
        if self.random.random() < 0.1:
            starts.discard(self.t0)
        return tuple(self.order(day) for day in sorted(starts))

    def order(self, day):
        anchor = day + timedelta(days=self.random.choice([0, 0, 0, 1, -1, 7, -400]))
        return DoseOrderFacts(day, self.random.choice(PATTERNS), anchor, "OTHER")

    def kits(self):
        days = [self.day(-20, self.random.choice([200, 2000])) for _ in range(self.random.randint(0, 12))]
        days += self.random.sample(days, len(days) // 3)
        strengths, most = (100, 400, 400), self.random.choice([30, 100, 200])
        return tuple(
            KitFacts(f"K{n}", day, "IP", self.random.choice(strengths), self.random.randint(0, most))
            for n, day in enumerate(days)
        )

    def returned(self, kit):
        left = kit.tablets
        counts = []
        for _ in range(3):
            counts.append(self.random.choice([0, 0, self.random.randint(0, left)]))
            left -= counts[-1]
        return KitReturnFacts(
            kit.kit_id, kit.dispensed_on + timedelta(days=self.random.randint(0, 150)), *counts
        )

    def missed(self):
        start = self.day(-10, 700)
        return MissedDosesFacts(
            start, start + timedelta(days=self.random.randint(0, 80)), self.random.randint(0, 30)
        )

    def visits(self):
        codes = self.random.sample([*TREATMENT, "EOT", "SFU"], self.random.randint(0, 15))
        return tuple(
            VisitRecord(c, None, True) if self.random.random() < 0.2 else VisitRecord(c, self.day(0), False)
            for c in codes
        )

    def outcome(self):
        kind = self.random.choice(["DISEASE_FREE", "DISEASE_FREE", "ALIVE", "RECURRENCE", "DEATH"])
        return OutcomeFacts(kind, self.day(-30))

    def facts(self):
        path = self.random.choice("AB")
        kits = self.kits()
        orders = self.orders()
        end = self.day(0, self.random.choice([500, 1900])) if self.random.random() < 0.4 else None
        enrolled = None if self.random.random() < 0.1 else self.day(-10, 1500 if path == "B" else 20)
        return CourseFacts(
            patient=PatientFacts("X", path, enrolled_on=enrolled, first_dose_on=self.t0),
            orders=tuple(o for o in orders if not end or o.from_on <= end or not any(o.pattern_mg)),
            missed=tuple({m.from_on: m for m in self.some(5, self.missed)}.values()),
            kits=kits,
            returns=tuple(self.returned(kit) for kit in kits if self.random.random() < 0.8),
            visits=self.visits(),
            outcomes=self.some(4, self.outcome),
            last_dose_on=end,
            participation_ended_on=self.day(0) if self.random.random() < 0.2 else None,
        )


@pytest.mark.parametrize("block", range(20))
def test_summary_equals_the_walk_over_days(block):
    protocol = load_protocol()
    for seed in range(block * 50, block * 50 + 50):
        course = Course(seed)
        facts = course.facts()
        on = course.random.choice(
            [course.day(-30, 2100), course.day(0, 400), facts.last_dose_on or course.day()]
        )
        found = as_dict(course_summary(facts, protocol, on))
        wanted = Oracle(facts, on).summary()
        assert {key: found[key] for key in wanted} == wanted, f"seed {seed}"
