"""One invented patient, as the rows of a cohort folder. Everything comes from the random source that is given."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from dosing.rules.orders import DoseOrderFacts, dose_periods, ordered_mg
from exchange.demo.profile import EVENTS, LABS, LOW_ANC, Story
from protocol.codes import EntryPath, SupplySource
from protocol.days import extension_from
from protocol.definition import Protocol, ScheduledVisit
from visits.rules.schedule import Anchors, ProjectedVisit, project

DAY = timedelta(days=1)
TABLET_MG = 400
SMALL_TABLET_MG = 100
Row = dict[str, object]


@dataclass
class DemoPatient:
    """Rows by file; `story` says what is special about this course."""

    subject_id: str
    site_id: str
    story: Story
    random: Random
    protocol: Protocol
    today: date
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._enter()
        self._order_doses()
        self._attend()
        self._supply()
        self._suffer()
        self._end()

    def _row(self, file: str, **values: object) -> None:
        self.rows[file].append({"subject_id": self.subject_id, **values})

    # -- entry -------------------------------------------------------------------------------------

    def _enter(self) -> None:
        random, story = self.random, self.story
        self.enrolled_on = self.today - timedelta(days=story.enrolled_days_ago)
        self.consent_on = self.enrolled_on - timedelta(days=random.randint(1, 12))
        is_new = story.entry_path == EntryPath.NEW_START
        away = random.randint(1, 6) if is_new else -story.treated_days_before
        self.first_dose_on = self.enrolled_on + timedelta(days=away)
        self.is_female = random.random() < 0.5
        self._row(
            "patients",
            site_id=self.site_id,
            sex="F" if self.is_female else "M",
            birth_date=date(random.randint(1942, 1984), random.randint(1, 12), random.randint(1, 28)),
            consent_on=self.consent_on,
            enrolled_on=self.enrolled_on,
            entry_path=story.entry_path,
            surgery_on=self.first_dose_on - timedelta(days=random.randint(30, 80)),
            resection="R0",
            first_dose_on=self.first_dose_on,
            tumour_site=random.choice(["GASTRIC", "GASTRIC", "SMALL_BOWEL", "OTHER"]),
            tumour_size_cm=f"{random.uniform(10.2, 19):.1f}",
            mitoses_per_50hpf=random.randint(12, 48),
            rupture=random.choice(["", "", "", "R1", "R2", "N1"]),
            pdgfra_d842v=random.choice(["no", "no", ""]),
            email=f"demo{random.randrange(10**6):06d}@example.org",
            language="en" if random.random() < 0.2 else "ko",
            reminders="yes" if random.random() < 0.85 else "no",
        )
        self._screen()

    def _screen(self) -> None:
        random = self.random
        fertile = self.is_female and random.random() < 0.3
        self._row(
            "screening",
            **dict.fromkeys(("nyha_iii_iv", "uncontrolled_infection", "liver_disease"), "no"),
            **dict.fromkeys(("stable_hepatitis_b", "other_unsuitable_condition"), "no"),
            **dict.fromkeys(("other_malignancy_active", "substance_abuse"), "no"),
            histology_confirmed="yes",
            cd117="yes",
            dog1="yes",
            kit_mutation=random.choice(["yes", "no", ""]),
            pdgfra_mutation="no",
            ecog=random.choice([0, 0, 1]),
            anc=f"{random.uniform(2.1, 5.5):.2f}",
            platelets=random.randint(150, 320),
            haemoglobin=f"{random.uniform(11, 15):.1f}",
            bilirubin=f"{random.uniform(0.3, 1.0):.1f}",
            bilirubin_uln="1.2",
            ast=random.randint(14, 38),
            ast_uln=40,
            alt=random.randint(12, 39),
            alt_uln=40,
            creatinine=f"{random.uniform(0.6, 1.1):.2f}",
            creatinine_uln="1.2",
            childbearing_potential="yes" if fertile else "no",
            pregnant_or_breastfeeding="no" if self.is_female else "",
            contraception_agreed="yes",
            cardiovascular_event_on="none",
            hiv="negative",
        )

    # -- doses -------------------------------------------------------------------------------------

    def _order_doses(self) -> None:
        self.orders: list[DoseOrderFacts] = []
        self._order(self.first_dose_on, (400,), "START")
        for step in self.story.doses:
            self._order(self.first_dose_on + timedelta(days=step.day), step.pattern_mg, step.reason)
        self.last_dose_on = self._last_dose()
        self.periods = dose_periods(self.orders, self.last_dose_on)

    def _order(self, on: date, pattern_mg: tuple[int, ...], reason: str) -> None:
        if on > self.today or (self.orders and on <= self.orders[-1].from_on):
            return
        ae_no = self._cause(on, is_hold=not any(pattern_mg)) if reason == "TOXICITY" else None
        self.orders.append(DoseOrderFacts(on, pattern_mg, on, reason, ae_no))
        pattern = "/".join(str(mg) for mg in pattern_mg)
        self._row(
            "dose_orders", from_on=on, pattern_mg=pattern, anchor_on="", reason=reason, ae_no=ae_no or ""
        )

    def _cause(self, on: date, *, is_hold: bool) -> int:
        """The adverse event a dose was changed for, which says of the drug what the order does."""
        term = self.random.choice(["Neutrophil count decreased", "Rash maculo-papular", "Diarrhea"])
        return self._event(
            term,
            on - 3 * DAY,
            on + timedelta(days=self.random.randint(10, 30)),
            grade=3,
            causality="PROBABLE",
            action="DRUG INTERRUPTED" if is_hold else "DOSE REDUCED",
        )

    def _last_dose(self) -> date | None:
        if self.story.stop_after_days is None:
            return None
        day = self.first_dose_on + timedelta(days=self.story.stop_after_days)
        return day if max(self.orders[-1].from_on, self.enrolled_on) < day <= self.today else None

    # -- visits, laboratory, appointments ------------------------------------------------------------

    def _attend(self) -> None:
        anchors = Anchors(self.story.entry_path, self.first_dose_on, self.enrolled_on, self.last_dose_on)
        schedule = {visit.code: visit for visit in self.protocol.schedule}
        self.attended: list[tuple[date, ScheduledVisit]] = []
        self._row("visits", visit="SCR", occurred_on=self.enrolled_on)
        expected = [v for v in project(self.protocol, anchors) if self._is_expected(v)]
        for projected in expected:
            if projected.closes_on < self.today or projected.target_on < self.today - 3 * DAY:
                self._visit(projected, schedule[projected.code])
        coming = [v for v in expected if v.target_on >= self.today - 3 * DAY]
        if coming:
            self._book(coming[0])

    def _is_expected(self, visit: ProjectedVisit) -> bool:
        if visit.code == "SCR" or visit.opens_on <= self.enrolled_on:
            return visit.code == "D1" and self.story.entry_path == EntryPath.NEW_START
        return not (visit.is_treatment and self.last_dose_on and visit.opens_on > self.last_dose_on)

    def _visit(self, projected: ProjectedVisit, scheduled: ScheduledVisit) -> None:
        dice = self.random.random()
        if dice < self.story.absent:
            return
        if dice < self.story.absent + 0.02:
            self._row("visits", visit=projected.code, not_done="yes", reason="Seen elsewhere, by telephone")
            return
        width = (projected.closes_on - projected.opens_on).days
        slip = self.random.gauss(0, max(width, 1) / 6) * (2.4 if dice > 0.95 else 1) if width else 0
        day = min(projected.target_on + timedelta(days=round(slip)), self.today)
        if self.attended and day <= self.attended[-1][0]:
            day = min(self.attended[-1][0] + DAY, self.today)
        self.attended.append((day, scheduled))
        self._row("visits", visit=projected.code, occurred_on=day)
        codes = {procedure.code for procedure in scheduled.procedures}
        if "CBC" in codes:
            self._sample(day)
        if "CT" in codes:
            self._row("outcomes", kind="DISEASE_FREE", on=day)

    def _sample(self, day: date) -> None:
        is_low = self.random.random() < LOW_ANC
        for test, (mean, spread, digits, unit, lln, uln) in LABS.items():
            value = min(max(self.random.gauss(mean, spread), lln), uln)
            if is_low and test == "ANC":
                value = self.random.uniform(0.7, 1.4)
            shown = f"{value:.{digits}f}"
            self._row("labs", collected_on=day, test=test, value=shown, unit=unit, lln=lln, uln=uln)

    def _book(self, coming: ProjectedVisit) -> None:
        day = max(coming.target_on, self.today + DAY)
        if self.story.booked_in_days is not None:
            day = self.today + timedelta(days=self.story.booked_in_days)
        elif (day - self.today).days > 45 or self.random.random() < 0.3:
            return
        while day.weekday() > 4:
            day += DAY
        hour, minute = self.random.randint(9, 15), self.random.choice([0, 20, 40])
        self._row("bookings", visit=coming.code, booked_for=f"{day}T{hour:02d}:{minute:02d}")

    # -- tablets -----------------------------------------------------------------------------------

    def _supply(self) -> None:
        """Tablets at the start and at every visit that hands some out, to a fortnight past the next."""
        days = [
            self.enrolled_on if self.story.entry_path == EntryPath.ALREADY_TREATED else self.first_dose_on
        ]
        handing_out = {"RX", "DSP"}
        days += [d for d, v in self.attended if handing_out & {p.code for p in v.procedures} and d > days[-1]]
        days = [d for d in days if d <= (self.last_dose_on or self.today)]
        for number, (start, end) in enumerate(zip(days, [*days[1:], None], strict=True)):
            self._dispense(number + 1, start, end)

    def _dispense(self, number: int, start: date, end: date | None) -> None:
        until = end - DAY if end else self.last_dose_on
        wanted_until = until or start + timedelta(days=110)
        wanted_mg = max(ordered_mg(self.periods, start, wanted_until), TABLET_MG)
        strength = SMALL_TABLET_MG if wanted_mg % TABLET_MG or self._small(start) else TABLET_MG
        needed = -(-wanted_mg // strength)
        short = self._falls_short(start, wanted_until)
        spare = -short or self.random.randint(0, 6)
        tablets = needed + spare * (TABLET_MG // strength)
        is_ip = start >= extension_from(self.first_dose_on, self.protocol.regimen)
        source = SupplySource.IP if is_ip else SupplySource.PRESCRIPTION
        kit_id = f"{source[:2]}{self.subject_id.replace('-', '')}-{number:02d}"
        self._row(
            "dispensing",
            dispensed_on=start,
            kit_id=kit_id,
            source=source,
            strength_mg=strength,
            tablets=tablets,
        )
        if until is None or self.random.random() < self.story.forgets_kits:
            return
        missed = self._miss(start, until, at_least=short)
        left = tablets - needed + missed * (TABLET_MG // strength)
        back = max(min(left, tablets), 0)
        self._row(
            "returns",
            kit_id=kit_id,
            returned_on=end or min(until + 14 * DAY, self.today),
            tablets_returned=back,
        )

    def _small(self, day: date) -> bool:
        return any(
            p.from_on <= day and (p.to_on or day) >= day and 300 in p.order.pattern_mg for p in self.periods
        )

    def _falls_short(self, start: date, until: date) -> int:
        """Doses for which there were no tablets; never more than a third of the days."""
        if self.random.random() >= self.story.runs_out:
            return 0
        return min(self.random.randint(14, 35), (until - start).days // 3)

    def _miss(self, start: date, until: date, *, at_least: int) -> int:
        days = (until - start).days + 1
        missed = max(sum(self.random.random() < self.story.misses for _ in range(days)), at_least)
        missed = min(missed, ordered_mg(self.periods, start, until) // TABLET_MG)
        if missed:
            self._row("missed_doses", from_on=start, to_on=until, doses_missed=missed)
        return missed

    # -- events and ends ---------------------------------------------------------------------------

    def _suffer(self) -> None:
        until = min(self.last_dose_on or self.today, self.today)
        since = max(self.first_dose_on, self.enrolled_on)
        days = max((until - since).days, 1)
        for term, percent in EVENTS.items():
            if self.random.random() * 100 < percent * min(days / 700, 1):
                start = since + timedelta(days=self.random.randrange(days))
                grade = 3 if self.random.random() < 0.06 else self.random.choice([1, 1, 2])
                end = start + timedelta(days=self.random.randint(7, 160))
                self._event(term, start, end if end < self.today else None, grade=grade)

    def _event(
        self, term: str, start: date, end: date | None, *, grade: int, causality: str = "POSSIBLE",
        action: str = "DOSE NOT CHANGED",
    ) -> int:  # fmt: skip
        number = len(self.rows["adverse_events"]) + 1
        is_over = end is not None and end <= self.today
        is_serious = grade == 3 and self.random.random() < 0.3
        self._row(
            "adverse_events",
            ae_no=number,
            term=term,
            started_on=min(start, self.today),
            ended_on=end if is_over else "",
            grade=grade,
            serious="HOSPITALISATION" if is_serious else "",
            aware_at=f"{min(start, self.today)}T10:30:00+09:00" if is_serious else "",
            causality=causality,
            outcome="RECOVERED/RESOLVED" if is_over else "NOT RECOVERED/NOT RESOLVED",
            action_taken=action,
        )
        return number

    def _end(self) -> None:
        if self.attended:
            self._row("outcomes", kind="ALIVE", on=self.attended[-1][0])
        if self.last_dose_on is None:
            return
        if self.story.stop_reason == "DISEASE RELAPSE":
            self._row("outcomes", kind="RECURRENCE", on=self.last_dose_on)
        if self.story.stop_reason == "ADVERSE EVENT":
            self._end_for_an_event(self.last_dose_on)
        end = {"record": "TREATMENT", "ended_on": self.last_dose_on, "last_dose_on": self.last_dose_on}
        self._row("disposition", **end, reason=self.story.stop_reason)

    def _end_for_an_event(self, last_dose_on: date) -> None:
        end = last_dose_on + timedelta(days=self.random.randint(10, 40))
        action = "DRUG WITHDRAWN"
        self._event("Fatigue", last_dose_on - 5 * DAY, end, grade=3, causality="PROBABLE", action=action)
