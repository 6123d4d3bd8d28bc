"""What writes course summaries and the sums over them: nothing else does."""

from courses.services.summaries import built_summary, rebuild_summaries, stale_patient_ids
from courses.services.tallies import sum_up_tallies

__all__ = ["built_summary", "rebuild_summaries", "stale_patient_ids", "sum_up_tallies"]
