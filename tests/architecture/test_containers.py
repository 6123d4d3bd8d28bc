"""The container files say what the product needs: no secret inside, no root, every service with its role."""

import json

import pytest
import yaml

from tests.process.containers import command, compose, instructions, variables

SERVICES = compose()["services"]
PRODUCT = ("web", "worker", "beat", "migrate")
GIVEN = {"SECRET_KEY": "given", "POSTGRES_PASSWORD": "given"}


def test_every_service_is_there():
    assert set(SERVICES) == {*PRODUCT, "postgres", "redis", "mailpit"}


@pytest.mark.parametrize("service", PRODUCT)
def test_the_product_is_configured_by_environment_alone(service: str):
    found = variables(service, GIVEN)
    assert found["SECRET_KEY"] == "given"
    assert found["DATABASE_URL"] == "postgres://gisttrial:given@postgres:5432/gisttrial"
    assert found["REDIS_URL"] == "redis://redis:6379/0"
    assert found["GISTTRIAL_REQUIRE_MFA"] == "on"


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD"])
def test_a_secret_has_no_default(name: str):
    with pytest.raises(KeyError, match=name):
        variables("web", {key: value for key, value in GIVEN.items() if key != name})


def test_the_web_waits_for_the_migrations():
    for service in ("web", "worker", "beat"):
        assert SERVICES[service]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"
    assert SERVICES["migrate"]["depends_on"]["postgres"]["condition"] == "service_healthy"


def test_beat_is_a_process_of_its_own():
    assert "beat" in command("beat") and "worker" in command("worker")
    assert not {"-B", "--beat"} & set(command("worker"))


def test_the_web_is_asked_for_its_health():
    assert "/healthz" in " ".join(SERVICES["web"]["healthcheck"]["test"])


def test_data_lives_in_volumes():
    assert SERVICES["postgres"]["image"] == "postgres:18"
    assert SERVICES["postgres"]["volumes"] == ["postgres:/var/lib/postgresql"]
    assert SERVICES["redis"]["volumes"] == ["redis:/data"]
    assert command("redis")[1:3] == ["--appendonly", "yes"]
    assert set(compose()["volumes"]) == {"postgres", "redis"}


def test_ports_are_open_to_this_machine_only():
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_mail_catcher_belongs_to_the_demo():
    assert [name for name, service in SERVICES.items() if "profiles" in service] == ["mailpit"]
    assert SERVICES["mailpit"]["profiles"] == ["demo"]


def test_no_container_of_ours_runs_as_root():
    assert instructions("USER") == ["gisttrial"]
    assert instructions("FROM") == ["python:3.12-slim"]


def test_the_image_installs_only_what_is_locked():
    installs = [run for run in instructions("RUN") if "pip install" in run]
    assert installs and all("--no-deps --require-hashes -r requirements.txt" in run for run in installs)


def test_the_image_has_what_reports_are_printed_with():
    (install,) = (run for run in instructions("RUN") if "apt-get install" in run)
    assert {"libpango-1.0-0", "libpangoft2-1.0-0", "fonts-noto-cjk"} <= set(install.split())


def test_the_image_starts_the_web_as_compose_does():
    assert json.loads(instructions("CMD")[0]) == command("web")


def test_the_file_is_plain_yaml():
    assert yaml.safe_dump(compose())
