"""The definition of AMC2202 and the loader's errors."""

import re
from datetime import date, time
from decimal import Decimal

import pytest

from protocol import ProtocolError, load_protocol
from protocol.definition import Procedure
from protocol.loader import DEFINITIONS, parse_protocol

TEXT = (DEFINITIONS / "amc2202_v1.toml").read_text(encoding="utf-8")
PROTOCOL = load_protocol()


def changed(before: str, after: str) -> str:
    assert before in TEXT
    return TEXT.replace(before, after, 1)


def test_protocol_is_read_once():
    assert load_protocol() is load_protocol()


def test_study_is_that_of_the_registry():
    study = PROTOCOL.study
    assert (study.registry_id, study.planned_patients) == ("NCT05385549", 35)
    assert (study.starts_on, study.completes_on) == (date(2022, 9, 7), date(2030, 4, 30))


def test_regimen():
    regimen = PROTOCOL.regimen
    assert (regimen.planned_dose_mg, regimen.minimum_dose_mg) == (400, 300)
    assert (regimen.hold_alert_days, regimen.hold_limit_days, regimen.hold_limit_total_days) == (28, 90, 180)
    assert PROTOCOL.adherence.overuse_percent == Decimal(120)
    assert PROTOCOL.reminders.send_at == time(9)


def test_schedule_in_order():
    codes = [visit.code for visit in PROTOCOL.schedule]
    months = [f"M{month}" for month in range(6, 61, 3)]
    long_term = [f"LT{month}" for month in (*range(3, 25, 3), *range(30, 121, 6))]
    survival = [f"OS{month}" for month in range(6, 121, 6)]
    first = ["SCR", "D1", "W2", "W4", "M2", "M3"]
    assert codes == [*first, *months, "EOT", "SFU", "CTR", *long_term, *survival]
    assert [visit.number for visit in PROTOCOL.schedule] == list(range(10, 10 * len(codes) + 1, 10))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("D1", ("FIRST_DOSE", 0, "DAY", 0, 0)),
        ("W2", ("FIRST_DOSE", 14, "DAY", 3, 3)),
        ("W4", ("FIRST_DOSE", 28, "DAY", 3, 3)),
        ("M2", ("FIRST_DOSE", 2, "MONTH", 7, 7)),
        ("M3", ("FIRST_DOSE", 3, "MONTH", 7, 7)),
        ("M6", ("FIRST_DOSE", 6, "MONTH", 14, 14)),
        ("M36", ("FIRST_DOSE", 36, "MONTH", 14, 14)),
        ("M57", ("FIRST_DOSE", 57, "MONTH", 14, 14)),
        ("M60", ("FIRST_DOSE", 60, "MONTH", 7, 14)),
        ("EOT", ("LAST_DOSE", 0, "DAY", 0, 14)),
        ("SFU", ("LAST_DOSE", 30, "DAY", 2, 7)),
        ("CTR", ("LAST_DOSE", 3, "MONTH", 0, 14)),
        ("LT24", ("LAST_DOSE", 24, "MONTH", 14, 14)),
        ("LT30", ("LAST_DOSE", 30, "MONTH", 28, 28)),
        ("OS6", ("RECURRENCE", 6, "MONTH", 28, 28)),
    ],
)
def test_windows(code, expected):
    visit = PROTOCOL.visit(code)
    assert (visit.anchor, visit.offset, visit.unit, visit.before_days, visit.after_days) == expected


def test_procedures_carry_their_condition():
    procedures = PROTOCOL.visit("D1").procedures
    assert Procedure("CBC", "OLDER_THAN_14_DAYS") in procedures
    assert Procedure("PE") in procedures


def test_imaging_every_half_year_on_treatment():
    with_ct = [visit.code for visit in PROTOCOL.schedule if "CT" in {item.code for item in visit.procedures}]
    assert with_ct[:12] == ["SCR", *[f"M{month}" for month in range(6, 61, 6)], "EOT"]


def test_study_drug_is_dispensed_from_the_transition_on():
    visits = PROTOCOL.schedule
    dispensing = [visit.code for visit in visits if "DSP" in {item.code for item in visit.procedures}]
    assert dispensing == [f"M{month}" for month in range(36, 60, 3)]


def test_every_visit_has_a_name_in_both_languages():
    for visit in PROTOCOL.schedule:
        assert visit.name_en and "{" not in visit.name_en
        assert re.search(r"[가-힣]", visit.name_ko) and "{" not in visit.name_ko


def test_unknown_visit_is_a_key_error():
    with pytest.raises(KeyError):
        PROTOCOL.visit("M7")


def test_label_rules():
    haematological, hepatic = PROTOCOL.label_rules
    assert dict(haematological.hold_when)["ANC"].limit == Decimal("1.0")
    assert haematological.resume_dose_mg_by_occurrence == (400, 300, None)
    assert dict(hepatic.resume_when)["ALT"].relative_to_uln
    assert hepatic.resume_dose_mg_by_occurrence == (300, None)


def test_modification_table_counts_occurrences():
    steps = {(step.event, step.occurrence): step.action for step in PROTOCOL.modifications}
    assert steps["HAEMATOLOGICAL", 1] == "HOLD_RESUME_SAME"
    assert steps["HAEMATOLOGICAL", 2] == "HOLD_RESUME_REDUCED"
    assert steps["GRADE_3_NON_HAEMATOLOGICAL", 2] == "DISCONTINUE"


@pytest.mark.parametrize(
    ("before", "after", "key"),
    [
        (
            "planned_dose_mg = 400 ",
            "planned_dose_mg = 400.0 ",
            "regimen.planned_dose_mg: expected a whole number",
        ),
        ("planned_dose_mg = 400 ", "# ", "regimen.planned_dose_mg: missing"),
        ("planned_dose_mg = 400 ", "planned_dose_mg = 350 ", "regimen.planned_dose_mg: 350 mg is not one"),
        (
            "extend_for_holds = false",
            "extend_for_holds = 0",
            "regimen.extend_for_holds: expected true or false",
        ),
        (
            "starts_on = 2022-09-07",
            "starts_on = 2022-09-07T00:00:00",
            "study.starts_on: expected a date, found",
        ),
        (
            "planned_patients = 35",
            "planned_patients = true",
            "study.planned_patients: expected a whole number",
        ),
        ("planned_patients = 35", "planned_patients = 35\ncolour = 1", "study.colour: unknown key"),
        (
            '{ operator = "gt", limit = 1.5 }',
            '{ operator = "<", limit = 1.5 }',
            "eligibility.neutrophils.operator",
        ),
        (
            '{ operator = "gt", limit = 1.5 }',
            "1.5",
            "eligibility.neutrophils: expected a table, found a number",
        ),
        (
            "ecog_allowed = [0, 1, 2]",
            'ecog_allowed = [0, "1"]',
            "eligibility.ecog_allowed[1]: expected a whole",
        ),
        (
            "ecog_allowed = [0, 1, 2]",
            "ecog_allowed = {}",
            "eligibility.ecog_allowed: expected a list, found a table",
        ),
        ("ecog_allowed = [0, 1, 2]", "ecog_allowed = 0", "eligibility.ecog_allowed: expected a list"),
        ("at = [14]", 'at = ["two"]', "schedule[2].at[0]: expected a whole number"),
        ("at = [14]", "at = [14]\nwhen = 1", "schedule[2].when: unknown key"),
        ("at = [14]", "at = [14, 14]", "schedule: the visit W2 is there more than once"),
        ('"VS", "CBC", "CHE", "AE", "CM"]', '"XX"]', "schedule: visit W2: unknown procedure 'XX'"),
        ('["ICF", "Informed consent", "동의서"]', '["ICF", "Consent"]', "procedures[0]: expected 3 entries"),
        ('["HOLD_PI_DECISION"', '["WAIT"', "modifications.GRADE_4_NON_HAEMATOLOGICAL[0]: expected one of"),
        ("BILI = {", "LDH = {", "label_rules[1]: unknown laboratory test 'LDH'"),
        ('version = "amc2202_v1"', 'version = "other"', "version: expected 'amc2202_v1'"),
        ('path_b_max_gap_days = "none"', 'path_b_max_gap_days = "never"', "eligibility.path_b_max_gap_days"),
    ],
)
def test_every_fault_names_file_and_key(before, after, key):
    with pytest.raises(ProtocolError, match=re.escape(f"amc2202_v1.toml: {key}")):
        parse_protocol(changed(before, after), "amc2202_v1")


def test_a_missing_part_is_named():
    without = TEXT[: TEXT.index("[modifications]")].replace("[[schedule]]", "[[timetable]]")
    with pytest.raises(ProtocolError, match=r"amc2202_v1\.toml: timetable: unknown key"):
        parse_protocol(without, "amc2202_v1")


def test_a_broken_file_is_named():
    with pytest.raises(ProtocolError, match=r"amc2202_v1\.toml: not a TOML file"):
        parse_protocol("version = ", "amc2202_v1")


def test_a_version_nobody_wrote_is_named():
    with pytest.raises(ProtocolError, match=r"amc2202_v9\.toml: no such protocol definition"):
        load_protocol("amc2202_v9")


@pytest.mark.parametrize("visit", PROTOCOL.schedule, ids=lambda visit: visit.code)
def test_a_visit_s_name_stands_before_the_word_visit(visit):
    """ "Record Month 36 transition visit": a name with an aside in it makes no such sentence."""
    assert not {",", "("} & {*visit.name_en, *visit.name_ko}
