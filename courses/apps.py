from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"

    def ready(self) -> None:
        from courses.receivers import rebuild_changed
        from patients.signals import course_changed

        course_changed.connect(rebuild_changed, dispatch_uid="courses.rebuild")
