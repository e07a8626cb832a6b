"""What the production server serves."""

from quizapp import create_app

app = create_app()
