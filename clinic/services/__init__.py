"""The only hands of the clinic's pages that write: a visit as one act, a dose, and drafts."""

from clinic.services.action_taken import end_and_tell
from clinic.services.amendments import ask_for_amendment, bring_in_amendments
from clinic.services.dose import order_and_start
from clinic.services.doubts import Doubt, doubts_of_entry
from clinic.services.drafts import discard_draft, discard_old_drafts, keep_draft
from clinic.services.entry import (
    BookingEntry,
    EventChange,
    KitEntry,
    MissedEntry,
    OrderEntry,
    ReturnEntry,
    ScanEntry,
    StopEntry,
    VisitEntry,
)
from clinic.services.parts import PartRefused
from clinic.services.recording import check_visit, record_labs, record_visit

__all__ = [
    "BookingEntry",
    "Doubt",
    "EventChange",
    "KitEntry",
    "MissedEntry",
    "OrderEntry",
    "PartRefused",
    "ReturnEntry",
    "ScanEntry",
    "StopEntry",
    "VisitEntry",
    "ask_for_amendment",
    "bring_in_amendments",
    "check_visit",
    "discard_draft",
    "discard_old_drafts",
    "doubts_of_entry",
    "end_and_tell",
    "keep_draft",
    "order_and_start",
    "record_labs",
    "record_visit",
]
