"""The commands: what they print, and what they end with."""

import subprocess
import sys
from contextvars import Context

import pytest
from flask_migrate import downgrade
from sqlalchemy import func, select, text

from quizapp import create_app
from quizapp.content.models import Bank
from quizapp.db import db
from tests.backups.conftest import settings_of
from tests.conftest import environment


@pytest.fixture
def run(live, monkeypatch):
    """Run a command in English; the test's own session lets go of the database first."""
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")

    def call(*arguments, code=0, **more):
        db.session.remove()
        args = [str(a) for a in arguments]
        result = Context().run(live.test_cli_runner().invoke, args=args, **more)
        assert result.exit_code == code, result.output
        return result

    return call


def changed():
    """How many people were renamed since the backup."""
    count = db.session.execute(text("SELECT count(*) FROM user WHERE name = 'changed'"))
    return count.scalar_one()


def test_a_backup_is_made_checked_and_brought_back(run, tmp_path):
    made = run("backup", tmp_path / "out", "--keep", "1").output
    (path,) = (tmp_path / "out").iterdir()
    assert f"{path} is sound" in made
    assert "sqlite" in made
    assert "is sound" in run("backup", "--check", path).output
    assert run("backup", "--quiet", tmp_path / "quiet.zip").output == ""
    db.session.execute(text("UPDATE user SET name = 'changed'"))
    db.session.commit()
    unanswered = run("restore", path, code=1)
    assert "Nothing was changed" in unanswered.output
    assert changed() == 1
    assert "is kept as" in run("restore", "--yes", path).output
    assert changed() == 0


@pytest.mark.parametrize(
    "typed, language, replaced",
    [
        ("s\n", "pt_BR.UTF-8", True),
        ("Sim\n", "pt_BR.UTF-8", True),
        ("talvez\nS\n", "pt_BR.UTF-8", True),
        ("y\n", "en_US.UTF-8", True),
        ("n\n", "pt_BR.UTF-8", False),
        ("\n", "pt_BR.UTF-8", False),
    ],
)
def test_a_restore_asks_in_the_language_of_the_terminal(
    run, live, tmp_path, monkeypatch, typed, language, replaced
):
    monkeypatch.setitem(live.config, "LOCALE", "pt_BR")
    run("backup", tmp_path / "b.zip")
    db.session.execute(text("UPDATE user SET name = 'changed'"))
    db.session.commit()
    monkeypatch.setenv("LC_ALL", language)
    said = run("restore", tmp_path / "b.zip", code=0 if replaced else 1, input=typed).output
    assert ("Replace the database" in said) == language.startswith("en")
    assert changed() == (0 if replaced else 1)


@pytest.mark.parametrize("target", ["mistyped/backups", "mistyped/b.zip", "a/b/backups"])
def test_a_backup_makes_no_folders_on_a_mistyped_path(run, tmp_path, target):
    said = run("backup", tmp_path / target, code=1).output
    assert f"mkdir -p {(tmp_path / target).parent}" in said
    assert not (tmp_path / target.split("/")[0]).exists()


def test_a_spoilt_backup_fails_with_one_and_a_line(run, tmp_path):
    run("backup", tmp_path / "b.zip")
    data = bytearray((tmp_path / "b.zip").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "b.zip").write_bytes(data)
    for arguments in (("backup", "--check"), ("restore", "--yes")):
        result = run(*arguments, tmp_path / "b.zip", code=1)
        assert "damaged" in result.output
        assert "Traceback" not in result.output


def test_wrong_options_of_a_backup_fail_with_two(run, tmp_path):
    run("backup", "--keep", "0", code=2)
    run("backup", "--check", tmp_path / "b.zip", "--keep", "2", code=2)
    run("backup", tmp_path / "b.zip", "--keep", "2", code=1)
    assert not list(tmp_path.glob("*.zip"))


def test_upgrade_makes_a_database_migrates_one_and_imports_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    app = create_app(settings_of(tmp_path / "new"))

    def upgrade():
        result = Context().run(app.test_cli_runner().invoke, args=["upgrade"])
        assert result.exit_code == 0, result.output
        return result.output

    assert "was made" in upgrade()
    assert "up to date" in upgrade()
    with app.app_context():
        assert db.session.execute(select(func.count(Bank.id))).scalar_one() == 0
        db.session.remove()
        downgrade()
        assert "was upgraded" in upgrade()
        downgrade()
        with db.engine.connect() as server:
            server.execute(text("SELECT 1"))
            server.rollback()  # idle, as a server is between two requests
            process = subprocess.run(
                [sys.executable, "-m", "quizapp", "upgrade"],
                env=environment(app),
                capture_output=True,
                text=True,
                check=False,
            )
        assert process.returncode == 1
        assert "in use" in process.stderr
        db.engine.dispose()
