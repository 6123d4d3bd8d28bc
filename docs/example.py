"""The invented patient of docs/course-summary.md, and what the product makes of their records."""

import json
from datetime import date
from decimal import Decimal

from courses.rules.facts import CourseFacts
from courses.rules.payload import as_dict
from courses.rules.summary import course_summary
from dosing.rules.exposure import MissedDosesFacts
from dosing.rules.kits import KitFacts, KitReturnFacts
from dosing.rules.orders import DoseOrderFacts
from patients.rules.facts import OutcomeFacts, PatientFacts, TumourFacts
from protocol import load_protocol
from visits.rules.status import VisitRecord

AS_OF = date(2025, 8, 31)
VISITS_SHOWN = 7
START, HOLD, RESUME, LOWER = date(2025, 1, 6), date(2025, 3, 3), date(2025, 3, 17), date(2025, 8, 18)
SEEN = date(2025, 7, 7)

FACTS = CourseFacts(
    patient=PatientFacts(
        subject_id="00-001",
        entry_path="A",
        sex="F",
        birth_date=date(1960, 5, 4),
        consent_on=date(2024, 12, 20),
        enrolled_on=date(2024, 12, 27),
        first_dose_on=START,
        tumour=TumourFacts(date(2024, 11, 20), "R0", "GASTRIC", Decimal("11.2"), Decimal(14), (), False),
    ),
    orders=(
        DoseOrderFacts(START, (400,), START, "START"),
        DoseOrderFacts(HOLD, (0,), HOLD, "TOXICITY"),
        DoseOrderFacts(RESUME, (300,), RESUME, "RESUME"),
        DoseOrderFacts(LOWER, (200,), LOWER, "PATIENT_DECISION"),
    ),
    missed=(MissedDosesFacts(START, date(2025, 3, 2), 2),),
    kits=(
        KitFacts("A", START, "PRESCRIPTION", 400, 100),
        KitFacts("B", RESUME, "PRESCRIPTION", 100, 360),
        KitFacts("C", SEEN, "PRESCRIPTION", 100, 270),
    ),
    returns=(KitReturnFacts("A", RESUME, 46), KitReturnFacts("B", SEEN, 20, 0, 10)),
    visits=(
        VisitRecord("D1", START),
        VisitRecord("W2", date(2025, 1, 20)),
        VisitRecord("W4", not_done=True),
        VisitRecord("M3", date(2025, 4, 15)),
        VisitRecord("M6", SEEN),
    ),
    outcomes=(OutcomeFacts("DISEASE_FREE", SEEN),),
)


def example() -> str:
    """The summary as JSON, one key a line, with the first of its visits."""
    summary = as_dict(course_summary(FACTS, load_protocol(), AS_OF))
    summary["visits"] = summary["visits"][:VISITS_SHOWN]
    lines = (f"  {json.dumps(key)}: {_value(value)}" for key, value in summary.items())
    return "```json\n{\n" + ",\n".join(lines) + "\n}\n```"


def _value(value: object) -> str:
    if isinstance(value, list) and value:
        return "[\n    " + ",\n    ".join(json.dumps(item) for item in value) + "\n  ]"
    if isinstance(value, dict) and any(isinstance(inner, dict) for inner in value.values()):
        lines = (f"    {json.dumps(key)}: {json.dumps(inner)}" for key, inner in value.items())
        return "{\n" + ",\n".join(lines) + "\n  }"
    return json.dumps(value)
