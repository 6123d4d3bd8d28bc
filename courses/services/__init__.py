"""What writes course summaries and the sums over them: nothing else does."""

from courses.services.summaries import built_summary, rebuild_summaries, stale_patient_ids

__all__ = ["built_summary", "rebuild_summaries", "stale_patient_ids"]
