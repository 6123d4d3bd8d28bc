"""`manage.py create_user USERNAME --role ROLE --site SITE`: an account for a script, its password from stdin."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import LANGUAGES, SYSTEM_USERNAME, User
from accounts.permissions import Role
from accounts.services import create_user


class Command(BaseCommand):
    help = "Make an account with a role at one or more sites. The password is read from standard input."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument(
            "--site", required=True, action="append", help="a site's code; repeat for several"
        )
        parser.add_argument("--language", default="ko", choices=[code for code, _name in LANGUAGES])
        parser.add_argument("--by", required=not settings.DEMO, default=SYSTEM_USERNAME, help="who makes it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = create_user(
                by=actor(options["by"]),
                username=options["username"],
                password=sys.stdin.readline().rstrip("\n"),
                role=Role(options["role"]),
                sites=dict.fromkeys(options["site"]),
                language=options["language"],
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except PermissionDenied as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.username}: {options['role']} at {', '.join(options['site'])}")


def actor(username: str) -> User:
    """The person a command acts for."""
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError(f"--by {username}: there is no such user")
    return found
