#!/usr/bin/env python
"""Django's commands; the embedded PostgreSQL runs for as long as one of them needs it."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

# Everything else may look into the database, and asking costs a tenth of a second.
WITHOUT_DATABASE = frozenset(
    {"help", "version", "makemessages", "compilemessages", "collectstatic", "findstatic"}
)


def needs_database(arguments: list[str]) -> bool:
    if not arguments or arguments[0].startswith("-") or {"--help", "-h"} & set(arguments):
        return False
    return arguments[0] not in WITHOUT_DATABASE


def database(arguments: list[str]) -> AbstractContextManager[object]:
    """The embedded PostgreSQL for the time of the command, unless it brings its own."""
    from gisttrial import environment
    from gisttrial.embedded.membership import Membership

    if not needs_database(arguments):
        return nullcontext()
    here = environment.read()
    return Membership(here.data_dir) if here.embedded_postgres else nullcontext()


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisttrial.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line

        from gisttrial.embedded.folders import EmbeddedServiceError
    except ImportError as error:
        sys.exit(f"{error}. Run `make install` and use .venv/bin/python.")
    try:
        with database(sys.argv[1:]):
            execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, EmbeddedServiceError) as error:
        sys.exit(f"error: {error}")


if __name__ == "__main__":
    main()
