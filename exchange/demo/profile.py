"""What an invented course looks like: how often what happens, and the stories every demo should show."""

from dataclasses import dataclass, replace
from random import Random

from protocol.codes import EntryPath

# Roughly how often patients on adjuvant imatinib have it at all, in percent over the course.
EVENTS = {
    "Anemia": 60, "Periorbital edema": 60, "Diarrhea": 45, "Nausea": 42, "Muscle cramp": 42, "Fatigue": 40,
    "White blood cell decreased": 38, "Edema limbs": 34, "Rash maculo-papular": 28,
    "Neutrophil count decreased": 26, "Vomiting": 18, "Headache": 15,
}  # fmt: skip
# mean, spread, digits, unit, lower limit, upper limit; a value outside of its limits is drawn apart, and is graded
LABS = {
    "ANC": (3.4, 0.7, 2, "10^9/L", 1.8, 7.5),
    "PLT": (235, 35, 0, "10^9/L", 150, 400),
    "HGB": (13.6, 0.7, 1, "g/dL", 12.0, 16.0),
    "WBC": (5.8, 0.8, 2, "10^9/L", 4.0, 10.0),
    "BILI": (0.6, 0.15, 1, "mg/dL", 0.2, 1.2),
    "AST": (25, 5, 0, "U/L", 0, 40),
    "ALT": (22, 6, 0, "U/L", 0, 40),
    "CREAT": (0.85, 0.1, 2, "mg/dL", 0.5, 1.2),
}
LOW_ANC = 0.03  # of the samples


@dataclass(frozen=True)
class DoseStep:
    day: int  # after the first dose
    pattern_mg: tuple[int, ...]
    reason: str


@dataclass(frozen=True)
class Story:
    """One course before its details are drawn. Shares are between 0 and 1."""

    entry_path: str
    enrolled_days_ago: int
    treated_days_before: int = 0
    doses: tuple[DoseStep, ...] = ()
    misses: float = 0.02
    forgets_kits: float = 0.15
    runs_out: float = 0.0  # of the intervals between two dispensings
    absent: float = 0.02
    stop_after_days: int | None = None
    stop_reason: str = ""
    booked_in_days: int | None = None


def hold(day: int, length: int) -> tuple[DoseStep, DoseStep]:
    return DoseStep(day, (0,), "TOXICITY"), DoseStep(day + length, (400,), "RESUME")


NEW, TREATED = EntryPath.NEW_START, EntryPath.ALREADY_TREATED

# Always there, so that every page has something to show.
STORIES = (
    Story(NEW, 1190, booked_in_days=1),
    Story(TREATED, 450, 915, booked_in_days=4),
    Story(NEW, 620, doses=(DoseStep(290, (300,), "TOXICITY"), DoseStep(420, (400,), "RE_ESCALATION"))),
    Story(NEW, 540, doses=(DoseStep(495, (200,), "TOXICITY"),), misses=0.05, runs_out=0.15),
    Story(TREATED, 300, 420, doses=(DoseStep(690, (400, 0), "TOXICITY"),)),
    Story(NEW, 830, doses=hold(500, 36)),
    Story(NEW, 700, misses=0.16, forgets_kits=0.0, runs_out=0.5),
    Story(TREATED, 900, 500, stop_after_days=1010, stop_reason="ADVERSE EVENT"),
    Story(NEW, 980, stop_after_days=760, stop_reason="DISEASE RELAPSE"),
    Story(NEW, 200, absent=0.45),
    Story(NEW, 84, booked_in_days=7),
    Story(NEW, 12),
)


def story(number: int, random: Random, longest_days: int) -> Story:
    """The number-th patient's story: the fixed ones first, then drawn ones."""
    if number < len(STORIES):
        return replace(
            STORIES[number], enrolled_days_ago=min(STORIES[number].enrolled_days_ago, longest_days)
        )
    path = NEW if random.random() < 0.6 else TREATED
    drawn = Story(
        path,
        random.randint(15, longest_days),
        treated_days_before=random.randint(60, 1000) if path == TREATED else 0,
        misses=random.choice([0.01, 0.02, 0.03, 0.03, 0.06, 0.12]),
        runs_out=random.choice([0, 0, 0, 0.1, 0.3]),
    )
    if random.random() < 0.12:
        drawn = replace(drawn, doses=(DoseStep(random.randint(60, 500), (300,), "TOXICITY"),))
    elif random.random() < 0.15:
        drawn = replace(drawn, doses=hold(random.randint(60, 900), random.choice([7, 10, 14, 14, 21, 33])))
    if random.random() < 0.12:
        reason = random.choice(["ADVERSE EVENT", "WITHDRAWAL BY SUBJECT", "WITHDRAWAL BY SUBJECT"])
        drawn = replace(drawn, stop_after_days=random.randint(150, 1500), stop_reason=reason)
    return drawn
