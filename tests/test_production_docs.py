"""docs/production.md and deploy/ name commands, options, settings and files that there are."""

import re
import shlex
from pathlib import Path

import click
import pytest

from quizapp import cli, config, tasks
from quizapp.pages import health

ROOT = Path(config.ROOT)
TEXT = (ROOT / "docs" / "production.md").read_text(encoding="utf-8")
DEPLOYED = sorted((ROOT / "deploy").iterdir())
BLOCKS = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)


def commands():
    """Each call of quizapp in the text and the units, as words."""
    quoted = re.findall(r"`(quizapp [^`]+)`", TEXT)
    lines = [line for block in BLOCKS for line in block.splitlines()]
    units = [line for path in DEPLOYED for line in path.read_text("utf-8").splitlines()]
    calls = [line for line in lines if line.startswith("quizapp ")] + quoted
    calls += ["quizapp " + line.split("/quizapp ", 1)[1] for line in units if "ExecStart=" in line]
    return sorted({call.replace("\\", "") for call in calls})


@pytest.fixture(scope="module")
def known():
    """The commands, by name."""

    class Cli:
        """Takes the commands as an application does."""

        commands: dict[str, click.Command] = {}

        def add_command(self, command):
            self.commands[command.name] = command

    class App:
        """Has nothing but commands."""

        cli = Cli()

    cli.init_app(App())
    tasks.init_app(App())
    return Cli.commands


def test_the_text_names_the_commands_that_matter():
    named = {call.split()[1] for call in commands()}
    assert {"upgrade", "create-user", "serve", "backup", "restore", "evidence", "clock"} <= named


@pytest.mark.parametrize("call", commands())
def test_every_command_and_option_is_there(call, known):
    _, name, *arguments = shlex.split(call)
    assert name in known
    options = {option for p in known[name].params for option in (*p.opts, *p.secondary_opts)}
    wrong = [a for a in arguments if a.startswith("--") and a.split("=")[0] not in options]
    assert not wrong


def test_every_setting_is_there():
    names = {s.name for s in config.SETTINGS} | {
        f"{s.name}_FILE" for s in config.SETTINGS if s.secret
    }
    texts = [TEXT, *(path.read_text(encoding="utf-8") for path in DEPLOYED)]
    named = {name for text in texts for name in re.findall(r"QUIZAPP_([A-Z][A-Z_]+)", text)}
    assert "PUBLIC_URL" in named
    assert named <= names


def test_every_file_is_there():
    named = {Path(name).name for name in re.findall(r"deploy/([\w.*-]+\w)", TEXT)}
    assert {"quizapp.env", "quizapp", "nginx.conf", "Caddyfile"} <= named
    assert {path.name for path in DEPLOYED} >= {name for name in named if "*" not in name}
    assert re.findall(r"\]\((\w+\.md)", TEXT)
    for name in re.findall(r"\]\((\w+\.md)", TEXT):
        assert (ROOT / "docs" / name).is_file()


def test_the_settings_file_starts_an_installation(tmp_path):
    """Read as systemd and the shell do: the same values, and production takes them."""
    lines = (ROOT / "deploy" / "quizapp.env").read_text(encoding="utf-8").splitlines()
    pairs = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert all(shlex.split(value) == [value] for value in pairs.values())
    secret = tmp_path / "secret"
    secret.write_text("s" * 48)
    settings = config.load({**pairs, "QUIZAPP_SECRET_KEY_FILE": str(secret)})
    assert settings["MODE"] == "production"
    assert config.secret_key(settings) == "s" * 48
    assert config.trusted_hosts(settings)[0] == "quiz.example.com"


def test_the_service_waits_longer_than_the_server_needs_to_end():
    from quizapp import supervisor

    unit = (ROOT / "deploy" / "quizapp.service").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"TimeoutStopSec=(\d+)", unit)
    assert int(seconds) > supervisor.GRACE


def test_the_proxies_let_an_import_through():
    from quizapp.content import brought

    megabytes = brought.MOST_TOTAL // 2**20
    nginx, caddy = ((ROOT / "deploy" / n).read_text("utf-8") for n in ("nginx.conf", "Caddyfile"))
    assert f"client_max_body_size {megabytes}m;" in nginx
    assert f"max_size {megabytes}MiB" in caddy
    assert f"{megabytes} MB" in TEXT


def test_what_is_said_of_health_is_true(client):
    assert "/healthz" in TEXT
    assert "/readyz" in TEXT
    assert health.bp
    assert client.http.get("/healthz").status_code == 200
