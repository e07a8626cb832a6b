"""What the production server serves."""

import gc
from pathlib import Path

from quizapp import clock, create_app, logs

app = create_app()
logs.begin(app.config["LOG_LEVEL"], app.config["LOG_FORMAT"])
clock.hold(Path(app.config["INSTANCE"]))
# What is loaded now stays. Looking through it for what can go takes 150 ms, in the middle of
# somebody's page.
gc.collect()
gc.freeze()
