"""What the review does when the facts of a course have changed below."""

from collections.abc import Sequence

from accounts.models import User
from review.services import sync_queries


def review_courses(sender: object, *, patient_ids: Sequence[int], what: str, **signal: object) -> None:
    sync_queries(by=User.objects.system(), patient_ids=patient_ids)
