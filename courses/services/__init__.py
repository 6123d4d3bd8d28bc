"""What writes course summaries and the sums over them: nothing else does."""

from courses.services.lab_proposals import built_lab_proposals, rebuild_lab_proposals
from courses.services.past import continue_past_tally, start_past_tally
from courses.services.summaries import built_summary, rebuild_summaries, stale_patient_ids
from courses.services.tallies import sum_up_tallies

__all__ = [
    "built_lab_proposals",
    "built_summary",
    "continue_past_tally",
    "rebuild_lab_proposals",
    "rebuild_summaries",
    "stale_patient_ids",
    "start_past_tally",
    "sum_up_tallies",
]
