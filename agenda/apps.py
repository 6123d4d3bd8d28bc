from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "agenda"

    def ready(self) -> None:
        from agenda.receivers import rebuild_changed
        from patients.signals import course_changed

        course_changed.connect(rebuild_changed, dispatch_uid="agenda.rebuild")
