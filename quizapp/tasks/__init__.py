"""Work for later: the worker, and what it does for each kind of job."""

from flask import Flask

from quizapp import jobs
from quizapp.quiz import regrade
from quizapp.reports import analysis
from quizapp.reports.sheets import exported
from quizapp.tasks import analysing, exporting, regrading, uploads
from quizapp.tasks.worker import worker


def init_app(app: Flask) -> None:
    """Say what is to be done for each kind of job, and add the command that does it."""
    jobs.works.update(
        {
            uploads.READ: uploads.read,
            uploads.TAKE: uploads.take,
            regrade.REGRADE: regrading.carry_out,
            exported.EXPORT: exporting.make,
            analysis.ANALYSE: analysing.make,
        }
    )
    app.cli.add_command(worker)
