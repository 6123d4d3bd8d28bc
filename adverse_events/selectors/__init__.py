"""The only eyes on adverse events and pregnancies, on what was reported of them and on what is still to be."""

from adverse_events.selectors.clocks import (
    DueReport,
    clocks_of,
    entered_serious_events,
    open_clocks,
    report_clocks,
)
from adverse_events.selectors.events import (
    IS_NOT_SERIOUS,
    assessment_before,
    collection_window,
    doubts_about,
    unconfirmed_events,
)
from adverse_events.selectors.lab_proposals import answered_grades, lab_proposals_of
from adverse_events.selectors.reports import (
    dispatches_of,
    pregnancies_of,
    previous_of,
    reports_of,
)

__all__ = [
    "IS_NOT_SERIOUS",
    "DueReport",
    "answered_grades",
    "assessment_before",
    "clocks_of",
    "collection_window",
    "dispatches_of",
    "doubts_about",
    "entered_serious_events",
    "lab_proposals_of",
    "open_clocks",
    "pregnancies_of",
    "previous_of",
    "report_clocks",
    "reports_of",
    "unconfirmed_events",
]
