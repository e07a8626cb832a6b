"""What the production server serves."""

from quizapp import create_app, logs

app = create_app()
logs.begin(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
