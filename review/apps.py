from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"

    def ready(self) -> None:
        from patients.signals import course_changed
        from review.receivers import review_courses

        course_changed.connect(review_courses, dispatch_uid="review_courses")
