from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "visits"

    def ready(self) -> None:
        from patients.signals import course_changed
        from visits.receivers import project_changed

        course_changed.connect(project_changed, dispatch_uid="visits.project")
