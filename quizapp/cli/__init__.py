"""The command line: `quizapp import`, `lint`, `export`, `publish`, `create-user`, `serve` …"""

import sys
from pathlib import Path

from flask import Flask
from flask.cli import FlaskGroup

from quizapp import clock
from quizapp.cli.backups import backup, restore
from quizapp.cli.certificates import certificate, signing_group
from quizapp.cli.company import demo
from quizapp.cli.evidence import evidence
from quizapp.cli.files import convert, import_command
from quizapp.cli.linting import lint
from quizapp.cli.mail import mail_command
from quizapp.cli.people import create_user
from quizapp.cli.quizzes import key, publish
from quizapp.cli.regrading import regrade_command
from quizapp.cli.serving import clock_command, serve, setup
from quizapp.cli.texts import export, fmt
from quizapp.cli.upgrading import upgrade
from quizapp.config import SettingError


def main() -> None:
    """The entry point of the `quizapp` command."""
    from quizapp import create_app

    def create() -> Flask:
        app = create_app()
        clock.follow(Path(app.config["INSTANCE"]))
        return app

    group = FlaskGroup(
        create_app=create,
        add_default_commands=False,
        add_version_option=False,
        load_dotenv=False,
    )
    group.params.clear()  # Flask's own options choose an application; there is only this one
    group.help = "quizapp: procedures and question banks become trained, certified people."
    try:
        group.main(prog_name="quizapp")
    except SettingError as error:
        sys.exit(f"quizapp: {error}")


def init_app(app: Flask) -> None:
    """Add the commands."""
    for command in (
        import_command,
        convert,
        export,
        fmt,
        key,
        lint,
        publish,
        regrade_command,
        create_user,
        setup,
        demo,
        serve,
        evidence,
        mail_command,
        upgrade,
        backup,
        restore,
        clock_command,
        certificate,
        signing_group,
    ):
        app.cli.add_command(command)
