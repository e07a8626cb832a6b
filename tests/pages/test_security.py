"""Which hosts are answered to in production."""

from contextvars import Context

import pytest

from quizapp import create_app
from tests.conftest import settings

FORGED = ["evil.example", "quiz.example.com.evil.example", "quiz.example.com@evil.example", "a b"]


@pytest.fixture
def ask(app, tmp_path):
    """Ask an application in production behind a proxy for its sign-in page."""
    production = create_app(
        {
            **settings(tmp_path),
            "MODE": "production",
            "PUBLIC_URL": "https://quiz.example.com",
            "BEHIND_PROXY": True,
        }
    )

    def get(host, **headers):
        return Context().run(
            production.test_client().get, "/sign-in", headers={"Host": host, **headers}
        )

    return get


@pytest.mark.parametrize("host", ["quiz.example.com", "quiz.example.com:443", "127.0.0.1:8000"])
def test_our_own_host_is_answered(ask, host):
    response = ask(host)
    assert response.status_code == 200
    assert "max-age" in response.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("host", FORGED)
def test_a_forged_host_is_refused_and_not_repeated(ask, host):
    response = ask(host)
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
    assert host not in response.text
    assert "Location" not in response.headers


@pytest.mark.parametrize("host", FORGED)
def test_nor_does_a_forged_forwarded_host_pass(ask, host):
    assert ask("quiz.example.com", **{"X-Forwarded-Host": host}).status_code == 400
