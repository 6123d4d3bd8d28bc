"""The roof as an app: whoever loads Django knows the broker."""

import importlib

from django.apps import AppConfig


class GisttrialConfig(AppConfig):
    name = "gisttrial"

    def ready(self) -> None:
        importlib.import_module("gisttrial.celery")  # makes it the app that `shared_task` belongs to
