"""A small reader of a cohort folder, for tests of the rules alone: rows to facts, nothing checked."""

import csv
from collections import defaultdict
from datetime import date
from decimal import Decimal

from courses.rules.facts import CourseFacts
from dosing.rules.accountability import KitFacts, KitReturnFacts
from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.orders import DoseOrderFacts
from patients.rules.facts import OutcomeFacts, PatientFacts, ScreeningFacts, TumourFacts
from visits.rules.status import VisitRecord

MEASURED = ("anc", "platelets", "haemoglobin", "bilirubin", "ast", "alt", "creatinine")
MEASUREMENTS = {*MEASURED, *(f"{name}_uln" for name in MEASURED)}


def read_courses(folder):
    """Every course of the folder, by subject."""
    tables = {path.stem: _rows(path) for path in folder.glob("*.csv")}
    return [_course(row, tables) for (row,) in tables["patients"].values()]


def _rows(path):
    rows = defaultdict(list)
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            rows[row["subject_id"]].append(row)
    return rows


def _course(row, tables):
    def of(name):
        return tables.get(name, {}).get(row["subject_id"], [])

    ends = {end["record"]: end for end in of("disposition")}
    return CourseFacts(
        patient=_patient(row, of("screening")),
        orders=tuple(_order(order) for order in of("dose_orders")),
        missed=tuple(
            MissedDosesFacts(_day(it["from_on"]), _day(it["to_on"]), int(it["doses_missed"]))
            for it in of("missed_doses")
        ),
        kits=tuple(_kit(kit) for kit in of("dispensing")),
        returns=tuple(_return(count) for count in of("returns")),
        visits=tuple(
            VisitRecord(visit["visit"], _day(visit["occurred_on"]), visit["not_done"] == "yes")
            for visit in of("visits")
        ),
        outcomes=tuple(OutcomeFacts(outcome["kind"], _day(outcome["on"])) for outcome in of("outcomes")),
        last_dose_on=_day(ends["TREATMENT"]["last_dose_on"]) if "TREATMENT" in ends else None,
        participation_ended_on=_day(ends["PARTICIPATION"]["ended_on"]) if "PARTICIPATION" in ends else None,
    )


def _patient(row, screening):
    return PatientFacts(
        subject_id=row["subject_id"],
        entry_path=row["entry_path"],
        sex=row["sex"],
        birth_date=_day(row["birth_date"]),
        consent_on=_day(row["consent_on"]),
        enrolled_on=_day(row["enrolled_on"]),
        first_dose_on=_day(row["first_dose_on"]),
        tumour=TumourFacts(
            surgery_on=_day(row["surgery_on"]),
            resection=row["resection"],
            tumour_site=row["tumour_site"],
            tumour_size_cm=_number(row["tumour_size_cm"]),
            mitoses_per_50hpf=_number(row["mitoses_per_50hpf"]),
            rupture_codes=None if row["rupture"] == "UNK" else tuple(filter(None, row["rupture"].split(";"))),
            pdgfra_d842v=_yes_no(row["pdgfra_d842v"]),
        ),
        screening=_screening(*screening) if screening else ScreeningFacts(),
    )


def _screening(row):
    event = row["cardiovascular_event_on"]
    facts = {
        name: _number(text) if name in MEASUREMENTS else _yes_no(text)
        for name, text in row.items()
        if name not in {"subject_id", "ecog", "hiv", "cardiovascular_event_on"}
    }
    return ScreeningFacts(
        **facts,
        ecog=int(row["ecog"]) if row["ecog"] else None,
        hiv=row["hiv"],
        cardiovascular_event={"": None, "none": False}.get(event, True),
        cardiovascular_event_on=None if event in {"", "none"} else _day(event),
    )


def _order(row):
    from_on = _day(row["from_on"])
    pattern = tuple(int(mg) for mg in row["pattern_mg"].split("/"))
    return DoseOrderFacts(from_on, pattern, _day(row["anchor_on"]) or from_on, row["reason"])


def _kit(row):
    day = _day(row["dispensed_on"])
    return KitFacts(row["kit_id"], day, row["source"], int(row["strength_mg"]), int(row["tablets"]))


def _return(row):
    counts = (int(row[name] or 0) for name in ("tablets_returned", "tablets_lost", "tablets_kept"))
    return KitReturnFacts(row["kit_id"], _day(row["returned_on"]), *counts)


def _day(text):
    return date.fromisoformat(text) if text else None


def _number(text):
    return Decimal(text) if text else None


def _yes_no(text):
    return {"yes": True, "no": False}.get(text)
