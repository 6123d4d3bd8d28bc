"""The embedded PostgreSQL: shared by whoever needs it, held by nobody who is gone."""

import os
import pwd
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from gisttrial.embedded import postgres, programs
from gisttrial.embedded.folders import EmbeddedServiceError, socket_folder
from gisttrial.embedded.membership import Membership
from gisttrial.embedded.processes import Account, account
from tests.process.support import PROJECT, joined, kill, member, nothing_left, processes, until

pytestmark = pytest.mark.process
NOBODY = account(pwd.getpwnam("nobody").pw_uid)
# As root the suite also walks the way of an ordinary user.
USERS = [None, NOBODY] if os.geteuid() == 0 else [None]

# What a sandbox does that knows nothing of ambient capabilities: prctl(PR_SET_SECUREBITS, locked).
NO_AMBIENT_CAPABILITIES = "import ctypes; ctypes.CDLL(None).prctl(28, 1 << 6 | 1 << 7, 0, 0, 0)"


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    yield folder
    until(nothing_left(folder), 15)


def query(data_dir: Path, text: str = "SELECT 1") -> list | None:
    config = postgres.django_database(data_dir)
    options = {"host": config["HOST"], "user": config["USER"], "dbname": config["NAME"]}
    with psycopg.connect(**options, connect_timeout=2) as connection:
        cursor = connection.execute(text)
        return cursor.fetchall() if cursor.description else None


def answers(data_dir: Path) -> bool:
    try:
        return query(data_dir) == [(1,)]
    except psycopg.OperationalError:
        return False


def keepers(data_dir: Path) -> list[int]:
    return processes(data_dir, "embedded.keeper")


def servers(data_dir: Path) -> list[int]:
    return processes(data_dir, "bin/postgres -D")


@pytest.mark.parametrize("user", USERS, ids=lambda user: user.name if user else "self")
def test_a_user_finds_a_server_and_leaves_nothing_running(data_dir: Path, user: Account | None):
    if user:
        os.chown(data_dir, user.uid, user.gid)
    with member(data_dir, user) as process:
        assert joined(process), process.stderr.read()
        assert answers(data_dir)
        assert Path(f"/proc/{servers(data_dir)[0]}").stat().st_uid != 0
        process.communicate()
        assert process.returncode == 0
    assert processes(data_dir) == []


def test_the_server_is_made_as_the_product_needs_it(data_dir: Path):
    with Membership(data_dir):
        settings = (
            "SELECT name, setting FROM pg_settings WHERE name = ANY(ARRAY['fsync', 'listen_addresses'])"
        )
        assert dict(query(data_dir, settings)) == {"fsync": "on", "listen_addresses": ""}
        locale = "SELECT datlocprovider::text, datlocale FROM pg_database WHERE datname = current_database()"
        assert query(data_dir, locale) == [("b", "C.UTF-8")]
        assert query(data_dir, "SELECT upper('é'), pg_encoding_to_char(6)") == [("É", "UTF8")]


def test_several_users_share_one_server_and_the_last_one_ends_it(data_dir: Path):
    with member(data_dir) as first, member(data_dir) as second:
        assert joined(first) and joined(second)
        assert len(keepers(data_dir)) == len(servers(data_dir)) == 1
        first.communicate()
        assert answers(data_dir)
        second.communicate()
        assert processes(data_dir) == []


def test_users_that_start_at_once_start_one_server(data_dir: Path):
    with ExitStack() as stack:
        crowd = [stack.enter_context(member(data_dir)) for _ in range(5)]
        assert all(joined(process) for process in crowd)
        assert len(keepers(data_dir)) == len(servers(data_dir)) == 1


def test_users_that_come_while_it_shuts_down_are_served(data_dir: Path):
    def visit(_: int) -> bool:
        with Membership(data_dir):
            return answers(data_dir)

    with ThreadPoolExecutor(3) as crowd:
        assert all(crowd.map(visit, range(18)))


def test_a_killed_user_blocks_nobody(data_dir: Path):
    with member(data_dir) as process:
        assert joined(process)
        kill(process.pid)
        until(nothing_left(data_dir))
    with Membership(data_dir):
        assert answers(data_dir)


def test_a_user_killed_while_it_starts_the_server_blocks_nobody(data_dir: Path):
    with member(data_dir) as process:
        until(lambda: keepers(data_dir))
        kill(process.pid)
        with Membership(data_dir):
            assert answers(data_dir)


def test_a_killed_postgres_is_back_while_somebody_uses_it(data_dir: Path):
    with Membership(data_dir):
        keeper, server = keepers(data_dir), servers(data_dir)
        kill(*server)
        until(lambda: servers(data_dir) not in ([], server) and answers(data_dir), 10)
        assert keepers(data_dir) == keeper


def test_a_killed_keeper_takes_postgres_along_and_is_replaced(data_dir: Path):
    with Membership(data_dir) as first:
        kill(*keepers(data_dir))
        until(nothing_left(data_dir))
        assert first.keeper_is_gone()
        with Membership(data_dir):
            assert answers(data_dir)
        assert answers(data_dir)  # the first one still counts as a user


def test_what_was_committed_is_there_after_every_kill(data_dir: Path):
    with Membership(data_dir) as user:
        query(data_dir, "SELECT 0 AS number INTO kept")
        for number in (1, 2):
            query(data_dir, f"INSERT INTO kept VALUES ({number})")
            kill(*keepers(data_dir), *servers(data_dir))
            user.ensure()
        assert query(data_dir, "SELECT count(*) FROM kept") == [(3,)]


def test_a_pid_file_that_names_a_stranger_is_no_obstacle(data_dir: Path):
    with Membership(data_dir):
        pid_file = data_dir / "postgres" / "data" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
    stranger = "\n".join([str(os.getpid()), *lines[1:]]) + "\n"
    pid_file.write_text(stranger)
    with Membership(data_dir):
        assert answers(data_dir)


def test_a_first_start_cut_short_is_begun_anew(data_dir: Path):
    draft = data_dir / "postgres" / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    with Membership(data_dir):
        assert answers(data_dir)


def test_a_very_long_path_gets_a_short_private_socket_folder(tmp_path: Path):
    data_dir = tmp_path / ("long" * 20) / ("path" * 20)
    data_dir.mkdir(parents=True)
    sockets = socket_folder(postgres.service_folder(data_dir))
    with Membership(data_dir):
        assert answers(data_dir)
        assert len(str(sockets)) < 100
        assert sockets.stat().st_mode & 0o777 == 0o700
    assert not sockets.exists()


@pytest.fixture
def closed_wheel(tmp_path: Path) -> Path:
    """The wheel's programs below a folder that only its owner may enter."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for name in (programs.wheel().name, f"{programs.wheel().name}.libs"):
        shutil.copytree(programs.wheel().parent / name, closed / name)
    return closed


def test_programs_behind_closed_folders_are_no_obstacle(data_dir: Path, closed_wheel: Path):
    with member(data_dir, PYTHONPATH=f"{closed_wheel}:{PROJECT}") as process:
        assert joined(process), process.stderr.read()
        assert servers(data_dir) == processes(data_dir, f"{closed_wheel}/")


def test_a_sandbox_that_withholds_capabilities_is_no_obstacle(closed_wheel: Path):
    path = f"{closed_wheel}:{PROJECT}"
    with TemporaryDirectory() as name:
        with member(Path(name), prelude=NO_AMBIENT_CAPABILITIES, PYTHONPATH=path) as process:
            assert joined(process), process.stderr.read()
            assert answers(Path(name))
            process.communicate()
        assert not programs.copy_folder(Path(name) / "postgres").exists()


def test_another_user_of_the_machine_is_refused(data_dir: Path):
    owner = postgres.Server.below(data_dir).account
    with Membership(data_dir):
        known = (data_dir / "postgres" / "data" / "pg_ident.conf").read_text()
        assert owner.uid == os.geteuid() or f'"{owner.name}"' not in known
        assert socket_folder(postgres.service_folder(data_dir)).stat().st_mode & 0o077 == 0


def test_a_server_that_cannot_start_says_why(data_dir: Path):
    with Membership(data_dir):
        pass
    (data_dir / "postgres" / "data" / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedServiceError, match="cannot start"):
        Membership(data_dir).join()
