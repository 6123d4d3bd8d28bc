from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "reminders"

    def ready(self) -> None:
        from patients.signals import course_changed
        from reminders import heartbeats  # noqa: F401 (listens to worker and beat)
        from reminders.receivers import replan_changed

        course_changed.connect(replan_changed, dispatch_uid="reminders.replan")
