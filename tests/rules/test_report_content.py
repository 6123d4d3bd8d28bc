"""A report's content survives its storage, and says what changed."""

import json
from dataclasses import replace

from adverse_events.rules.reports import LabLine, ReportContent, changed_items

CONTENT = ReportContent(
    study="AMC2202 · NCT05385549",
    site="01",
    subject_id="01-001",
    sex="F",
    age_at_onset=64,
    aware_at="2025-10-02T16:30+09:00",
    number=3,
    term="Nausea",
    serious=("HOSPITALISATION",),
    dose_mg=(400, 0),
    labs=(LabLine("2025-10-01", "ANC", "0.9", "10^9/L", lln="1.5"),),
)


def test_a_content_is_the_same_after_storage():
    assert ReportContent.from_dict(json.loads(json.dumps(CONTENT.as_dict()))) == CONTENT


def test_a_stored_content_of_an_earlier_shape_can_be_read():
    stored = {name: value for name, value in CONTENT.as_dict().items() if name != "rechallenge"}
    assert ReportContent.from_dict(stored | {"of_a_later_shape": 1}) == CONTENT


def test_what_changed_is_named_in_the_order_of_the_report():
    assert list(changed_items(CONTENT, CONTENT)) == []
    new = replace(CONTENT, narrative="Improved.", grade=3)
    assert list(changed_items(CONTENT, new)) == ["grade", "narrative"]


def test_a_report_holds_no_date_of_birth():
    assert "birth" not in json.dumps(CONTENT.as_dict())
