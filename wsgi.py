"""What the production server serves."""

from pathlib import Path

from quizapp import clock, create_app, logs

app = create_app()
logs.begin(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
clock.hold(Path(app.config["INSTANCE"]))
