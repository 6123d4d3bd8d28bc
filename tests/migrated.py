"""A migrated, empty database in the folder of a test run; all others are copies, until a migration changes."""

import hashlib

from django.conf import settings
from django.db import connection

from gisttrial.embedded.locks import EXCLUSIVE, FileLock
from tests.settings import PROJECT

PREFIX = "migrated_"
UNFINISHED = "migrating"


def template() -> str:
    """The name of that database; the first of several processes makes it, the others wait."""
    name = f"{PREFIX}{fingerprint()}"
    with FileLock(settings.DATA_DIR / "template.lock") as making:
        making.take(EXCLUSIVE)
        if name not in databases():
            make(name)
    return name


def fingerprint() -> str:
    """Of everything a migration depends on: all migrations here, and the versions of those that come along."""
    files = sorted(
        [*PROJECT.glob("*/migrations/*.py"), *PROJECT.glob("*/triggers.py"), *PROJECT.glob("audit/*.py")]
    )
    contents = [path.read_bytes() for path in (PROJECT / "requirements.txt", *files)]
    names = "\n".join(str(path.relative_to(PROJECT)) for path in files)
    return hashlib.sha256(b"\0".join([names.encode(), *contents])).hexdigest()[:16]


def databases() -> set[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


def make(name: str) -> None:
    """Migrate under another name first: what a killed run left behind is never taken for whole."""
    product = connection.settings_dict["NAME"]
    usual = connection.settings_dict["TEST"].copy()
    connection.settings_dict["TEST"] |= {"NAME": UNFINISHED, "TEMPLATE": None, "MIGRATE": True}
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    connection.close()
    connection.settings_dict["TEST"] = usual
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = product
    outdated = [found for found in databases() if found.startswith(PREFIX)]
    with connection._nodb_cursor() as cursor:
        for found in outdated:
            cursor.execute(f"DROP DATABASE {connection.ops.quote_name(found)}")
        cursor.execute(f"ALTER DATABASE {UNFINISHED} RENAME TO {connection.ops.quote_name(name)}")
