"""A cohort folder of two patients in which nothing is wrong; tests change a cell and look what is reported."""

import csv
from datetime import date

from exchange.rules.cohort import BY_NAME
from exchange.services import FolderRefused, import_cohort

TODAY = date(2026, 11, 23)
FIRST_ROW = 2  # below the header

ROWS = {
    "patients.csv": [
        {
            "subject_id": "01-001",
            "site_id": "01",
            "sex": "F",
            "birth_date": "1960-05-04",
            "consent_on": "2025-01-02",
            "enrolled_on": "2025-01-05",
            "entry_path": "A",
            "surgery_on": "2024-11-20",
            "resection": "R0",
            "first_dose_on": "2025-01-06",
            "tumour_site": "GASTRIC",
            "tumour_size_cm": "11.2",
            "mitoses_per_50hpf": "14",
            "rupture": "R1;N2",
            "pdgfra_d842v": "no",
            "email": "p01001@example.org",
            "language": "ko",
            "reminders": "yes",
        },
        {"subject_id": "02-001", "site_id": "02", "entry_path": "B", "rupture": "UNK"},
    ],
    "screening.csv": [
        {
            "subject_id": "01-001",
            "histology_confirmed": "yes",
            "ecog": "1",
            "anc": "3.5",
            "cardiovascular_event_on": "none",
            "hiv": "negative",
        },
        {"subject_id": "02-001", "cardiovascular_event_on": "2020-02-29"},
    ],
    "dose_orders.csv": [
        {"subject_id": "01-001", "from_on": "2025-01-06", "pattern_mg": "400", "reason": "START"},
        {
            "subject_id": "01-001",
            "from_on": "2025-03-01",
            "pattern_mg": "400/0",
            "anchor_on": "2025-03-02",
            "reason": "TOXICITY",
            "ae_no": "1",
        },
    ],
    "missed_doses.csv": [
        {"subject_id": "01-001", "from_on": "2025-02-01", "to_on": "2025-02-10", "doses_missed": "2"}
    ],
    "dispensing.csv": [
        {
            "subject_id": "01-001",
            "dispensed_on": "2025-01-06",
            "kit_id": "K1",
            "source": "IP",
            "strength_mg": "400",
            "tablets": "60",
        },
        {
            "subject_id": "01-001",
            "dispensed_on": "2025-03-01",
            "kit_id": "K2",
            "source": "PRESCRIPTION",
            "strength_mg": "400",
            "tablets": "30",
        },
    ],
    "returns.csv": [
        {
            "subject_id": "01-001",
            "kit_id": "K1",
            "returned_on": "2025-03-01",
            "tablets_returned": "5",
            "tablets_kept": "4",
        },
        {
            "subject_id": "01-001",
            "kit_id": "K2",
            "returned_on": "2025-04-01",
            "tablets_returned": "2",
            "tablets_lost": "1",
        },
    ],
    "visits.csv": [
        {"subject_id": "01-001", "visit": "W2", "occurred_on": "2025-01-20"},
        {"subject_id": "01-001", "visit": "W4", "not_done": "yes", "reason": "on holiday, \nabroad"},
        {"subject_id": "01-001", "visit": "UNS", "occurred_on": "2025-01-25"},
        {"subject_id": "01-001", "visit": "UNS", "occurred_on": "2025-01-26"},
    ],
    "bookings.csv": [
        {"subject_id": "01-001", "visit": "M24", "booked_for": "2026-12-07T10:30"},
        {"subject_id": "01-001", "visit": "M27", "booked_for": "2027-04-06"},
    ],
    "labs.csv": [
        {
            "subject_id": "01-001",
            "collected_on": "2025-01-20",
            "test": "ANC",
            "value": "3.50",
            "unit": "10^9/L",
            "lln": "1.8",
        },
        {"subject_id": "01-001", "collected_on": "2025-01-20", "test": "PLT", "value": "240"},
    ],
    "adverse_events.csv": [
        {
            "subject_id": "01-001",
            "ae_no": "1",
            "term": "Anemia",
            "started_on": "2025-02-20",
            "ended_on": "2025-03-20",
            "grade": "3",
            "serious": "HOSPITALISATION;DISABILITY",
            "aware_at": "2025-02-21T09:30:00+09:00",
            "causality": "POSSIBLE",
            "outcome": "RECOVERED/RESOLVED",
            "action_taken": "DOSE REDUCED",
        }
    ],
    "outcomes.csv": [
        {"subject_id": "01-001", "kind": "DISEASE_FREE", "on": "2025-07-01"},
        {"subject_id": "01-001", "kind": "DEATH", "on": "2026-02-01"},
    ],
    "disposition.csv": [
        {
            "subject_id": "01-001",
            "record": "TREATMENT",
            "ended_on": "2025-08-02",
            "reason": "ADVERSE EVENT",
            "last_dose_on": "2025-08-01",
        },
        {"subject_id": "01-001", "record": "PARTICIPATION", "ended_on": "2026-02-01", "reason": "DEATH"},
    ],
}


class SmallCohort:
    """The folder, changed cell by cell; rows are numbered as a spreadsheet shows them."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = {file: [dict(row) for row in rows] for file, rows in ROWS.items()}
        self.raw = {}

    def set(self, file, row, **cells):
        self.rows[file][row - FIRST_ROW].update(cells)
        return self

    def add(self, file, **cells):
        self.rows.setdefault(file, []).append(cells)
        return self

    def only(self, *files):
        self.rows = {file: rows for file, rows in self.rows.items() if file in files}
        return self

    def write_raw(self, file, content):
        """Bytes instead of rows."""
        self.raw[file] = content if isinstance(content, bytes) else content.encode()
        self.rows.pop(file, None)
        return self

    def text(self, file):
        """The file as `write` would leave it."""
        self.write()
        return (self.folder / file).read_text(encoding="utf-8")

    def write(self):
        for path in self.folder.iterdir():
            path.unlink()
        for file, rows in self.rows.items():
            with (self.folder / file).open("w", encoding="utf-8", newline="") as handle:
                writer = csv.DictWriter(handle, BY_NAME[file].column_names, lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        for file, content in self.raw.items():
            (self.folder / file).write_bytes(content)
        return self.folder

    def import_(self, by, **options):
        return import_cohort(by=by, folder=self.write(), on=TODAY, **options)

    def faults(self, by, **options):
        """(file, row, column) of everything that is reported."""
        return [(fault.file, fault.row, fault.column) for fault in self.reported(by, **options)]

    def reported(self, by, **options):
        found = []
        try:
            self.import_(by, report=found.append, **options)
        except FolderRefused as refused:
            assert refused.faults == len(found) > 0
        return found
