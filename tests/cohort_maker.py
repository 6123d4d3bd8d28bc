"""Random cohort folders that are possible but not believable: every file, every column, any number of patients."""

import csv
from contextlib import ExitStack
from datetime import date, timedelta
from random import Random

from adverse_events.rules.ctcae import terms
from exchange.rules.cohort import BY_NAME, VISIT_CODES

SINCE = date(2022, 9, 7)
UNITS = {
    "ANC": "10^9/L",
    "PLT": "10^9/L",
    "HGB": "g/dL",
    "WBC": "10^9/L",
    "BILI": "mg/dL",
    "AST": "U/L",
    "ALT": "U/L",
    "CREAT": "mg/dL",
}
TERMS = [term.name for term in terms().values()]
SCREENED = [column.name for column in BY_NAME["screening.csv"].columns if column.kind.sql_type == "boolean"]
MEASURED = [column.name for column in BY_NAME["screening.csv"].columns if column.kind.sql_type == "numeric"]


def make_cohort(folder, *, patients, seed=1, today=date(2026, 11, 22), visits=24):
    """Write the folder patient by patient; about ten rows a visit and patient."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers = {}
        for name, file in BY_NAME.items():
            handle = stack.enter_context((folder / name).open("w", encoding="utf-8", newline=""))
            writers[file.table] = csv.DictWriter(handle, file.column_names)
            writers[file.table].writeheader()
        for number in range(patients):
            for table, row in rows_of(number, Random(f"{seed}-{number}"), today, visits):
                writers[table].writerow(row)
    return folder


def rows_of(number, random, today, visits):
    """(table, row) of one invented patient."""
    site = f"{number % 4 + 1:02d}"
    who = {"subject_id": f"{site}-{number:05d}"}
    first_dose_on = SINCE + timedelta(days=random.randrange(900))
    end = today if random.random() < 0.7 else first_dose_on + timedelta(days=random.randrange(200, 550))
    for table, row in (
        *_entry(random, site, first_dose_on),
        *_doses(random, first_dose_on, end),
        *_tablets(random, who["subject_id"], first_dose_on, end),
        *_visits(random, first_dose_on, end, visits),
        *_events(random, first_dose_on, end),
        *_ends(random, first_dose_on, end, today),
    ):
        yield table, who | row


def _maybe(random, value, share=0.9):
    return value if random.random() < share else ""


def _entry(random, site, first_dose_on):
    consent_on = first_dose_on - timedelta(days=random.randrange(1, 30))
    yield (
        "patients",
        {
            "site_id": site,
            "sex": _maybe(random, random.choice("MF")),
            "birth_date": _maybe(random, date(1940, 1, 1) + timedelta(days=random.randrange(18000))),
            "consent_on": consent_on,
            "enrolled_on": first_dose_on,
            "entry_path": random.choice("AB"),
            "surgery_on": first_dose_on - timedelta(days=random.randrange(20, 120)),
            "resection": random.choice(["R0", "R0", "R1", ""]),
            "first_dose_on": _maybe(random, first_dose_on, 0.98),
            "tumour_site": random.choice(["GASTRIC", "SMALL_BOWEL", "COLORECTAL", "OTHER", ""]),
            "tumour_size_cm": round(random.uniform(1, 25), 1),
            "mitoses_per_50hpf": random.randrange(60),
            "rupture": random.choice(["", "UNK", "R1", "R1;R5", "N1;R2"]),
            "pdgfra_d842v": random.choice(["yes", "no", ""]),
            "email": _maybe(random, f"p{random.randrange(10**6)}@example.org"),
            "language": random.choice(["ko", "en", ""]),
            "reminders": random.choice(["yes", "no", ""]),
        },
    )
    yield (
        "screening",
        {
            **{name: random.choice(["yes", "no", ""]) for name in SCREENED},
            **{name: _maybe(random, round(random.uniform(0.5, 60), 2)) for name in MEASURED},
            "ecog": random.choice([0, 1, 2, ""]),
            "cardiovascular_event_on": random.choice(["none", "", consent_on]),
            "hiv": random.choice(["positive", "negative", ""]),
        },
    )


def _doses(random, first_dose_on, end):
    yield "dose_orders", {"from_on": first_dose_on, "pattern_mg": "400", "reason": "START"}
    for number in range(1, random.randrange(1, 5)):
        from_on = first_dose_on + timedelta(days=number * 45 + random.randrange(40))
        pattern = random.choice(["300", "0", "400/0", "400/300", "200"])
        row = {"from_on": from_on, "pattern_mg": pattern, "anchor_on": _maybe(random, from_on, 0.3)}
        if from_on <= end:
            yield "dose_orders", row | {"reason": "TOXICITY", "ae_no": _maybe(random, 1, 0.5)}
            missed = {"from_on": from_on, "to_on": from_on + timedelta(days=20)}
            yield "missed_doses", missed | {"doses_missed": random.randrange(9)}


def _tablets(random, subject_id, first_dose_on, end):
    day, number, kept = first_dose_on, 0, 0
    while day <= end and number < 14:
        number += 1
        kit = {"kit_id": f"K{subject_id}-{number}"}
        tablets = random.choice([30, 90, 105])
        source = random.choice(["IP", "PRESCRIPTION"])
        yield (
            "dispensing",
            kit | {"dispensed_on": day, "source": source, "strength_mg": 400, "tablets": tablets},
        )
        later = day + timedelta(days=random.randrange(25, 100))
        back = random.randrange(tablets // 2)
        kept = random.choice([0, 0, 3])
        counts = {"tablets_returned": back, "tablets_lost": random.choice(["", 0, 2]), "tablets_kept": kept}
        if later <= end:
            yield "returns", kit | counts | {"returned_on": later}
        day = later


def _visits(random, first_dose_on, end, visits):
    codes = ["SCR", *VISIT_CODES[1 : visits + 4]]
    for number, code in enumerate(codes[:visits]):
        day = first_dose_on + timedelta(days=number * 42 - 5 + random.randrange(10))
        if day > end:
            yield "bookings", {"visit": code, "booked_for": random.choice([day, f"{day}T10:30"])}
            return
        done = random.random() < 0.95
        yield "visits", {"visit": code, "occurred_on": day if done else "", "not_done": "" if done else "yes"}
        for test, unit in UNITS.items():
            row = {
                "collected_on": day,
                "test": test,
                "value": round(random.uniform(0.1, 90), 2),
                "unit": unit,
            }
            yield "labs", row | {"lln": 1, "uln": _maybe(random, "40.5")}


def _events(random, first_dose_on, end):
    for number in range(1, random.randrange(2, 9)):
        start = first_dose_on + timedelta(days=random.randrange(150))
        name = random.choice(TERMS)
        days = {"started_on": start, "ended_on": _maybe(random, start + timedelta(days=9), 0.5)}
        said = {"causality": "POSSIBLE", "outcome": "UNKNOWN", "action_taken": _maybe(random, "DOSE REDUCED")}
        grade = random.choice(terms()[name].grades)
        serious = {"serious": "DEATH;DISABILITY", "aware_at": f"{start}T09:00:00+09:00"} if grade > 3 else {}
        yield "adverse_events", {"ae_no": number, "term": name, "grade": grade} | days | said | serious


def _ends(random, first_dose_on, end, today):
    for number in range(1, 6):
        day = first_dose_on + timedelta(days=number * 180)
        if day <= end:
            yield "outcomes", {"kind": "DISEASE_FREE", "on": day}
    if end < today:
        kind = random.choice(["RECURRENCE", "DEATH", "ALIVE"])
        yield "outcomes", {"kind": kind, "on": end}
        stop = {"record": "TREATMENT", "ended_on": end, "reason": "DISEASE RELAPSE"}
        yield "disposition", stop | {"last_dose_on": end}
