"""Settings: documented, checked, and no default secret in production."""

from pathlib import Path

import pytest

from quizapp import config

DOCS = Path(config.ROOT) / "docs" / "settings.md"


def test_every_setting_is_documented():
    text = DOCS.read_text(encoding="utf-8")
    missing = [s.name for s in config.SETTINGS if f"`QUIZAPP_{s.name}`" not in text]
    assert not missing


@pytest.mark.parametrize(
    "name, value",
    [
        ("MODE", "staging"),
        ("PORT", "abc"),
        ("WORKERS", "0"),
        ("NOTICE_DAYS", "30"),
        ("LOCALE", "fr"),
        ("TIME_ZONE", "Mars/Base"),
        ("BEHIND_PROXY", "perhaps"),
        ("PUBLIC_URL", "quiz.example.com"),
        ("PUBLIC_URL", "https://quiz.example.com/quizapp"),
        ("PUBLIC_URL", "https://ana@quiz.example.com"),
        ("PUBLIC_URL", "ftp://quiz.example.com"),
        ("PUBLIC_URL", "https://quiz.example.com:https"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy(name, value):
    with pytest.raises(config.SettingError, match=f"QUIZAPP_{name}.*use|QUIZAPP_{name}"):
        config.load({f"QUIZAPP_{name}": value})


def test_production_refuses_a_default_or_short_secret():
    for key in (None, config.DEFAULT_SECRET, "short"):
        environ = {"QUIZAPP_MODE": "production"}
        if key:
            environ["QUIZAPP_SECRET_KEY"] = key
        with pytest.raises(config.SettingError, match="SECRET_KEY"):
            config.secret_key(config.load(environ))


def test_production_needs_a_public_address_over_https():
    for url in ("", "http://quiz.example.com"):
        settings = config.load({"QUIZAPP_MODE": "production", "QUIZAPP_PUBLIC_URL": url})
        with pytest.raises(config.SettingError, match="PUBLIC_URL"):
            config.trusted_hosts(settings)


def test_production_trusts_its_public_host_and_its_own_machine_only():
    environ = {"QUIZAPP_MODE": "production", "QUIZAPP_PUBLIC_URL": "https://quiz.example.com:8443/"}
    settings = config.load(environ)
    assert settings["PUBLIC_URL"] == "https://quiz.example.com:8443"
    assert config.trusted_hosts(settings) == ["quiz.example.com", "localhost", "127.0.0.1"]
    assert config.trusted_hosts(config.load({})) is None


def test_a_secret_may_come_from_a_file(tmp_path):
    path = tmp_path / "secret"
    path.write_text("s" * 40 + "\n")
    settings = config.load({"QUIZAPP_MODE": "production", "QUIZAPP_SECRET_KEY_FILE": str(path)})
    assert config.secret_key(settings) == "s" * 40


def test_a_missing_secret_file_is_said(tmp_path):
    with pytest.raises(config.SettingError, match="SECRET_KEY_FILE"):
        config.load({"QUIZAPP_SECRET_KEY_FILE": str(tmp_path / "none")})


def test_development_makes_a_secret_and_keeps_it(tmp_path):
    settings = config.load({"QUIZAPP_INSTANCE": str(tmp_path)})
    first = config.secret_key(settings)
    assert len(first) >= config.SECRET_LENGTH
    assert config.secret_key(settings) == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "url",
    [
        "mysql://quizapp:hidden@db/quizapp",
        "postgresql://quizapp:hidden@db:five/quizapp",
        "postgresql://quizapp:hid@hidden@db/quizapp",
        "postgresql://quizapp:hidden/x@db/quizapp",
        "hidden",
    ],
)
def test_a_database_that_cannot_be_meant_is_refused_without_repeating_its_password(url):
    settings = config.load({"QUIZAPP_DATABASE_URL": url})
    with pytest.raises(config.SettingError, match="DATABASE_URL") as caught:
        config.database_url(settings)
    assert "hid" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///quizapp?host=/var/run/postgresql",
        "postgresql://quizapp:a%40b@db.example.com:5432/quizapp?sslmode=verify-full",
        "postgresql://[::1]/quizapp",
    ],
)
def test_addresses_of_postgresql_are_taken(url):
    assert config.database_url(config.load({"QUIZAPP_DATABASE_URL": url})).endswith(url[13:])


def test_a_logo_is_a_picture_that_is_there_and_not_large(tmp_path):
    picture = tmp_path / "logo.svg"
    picture.write_text("<svg/>")
    assert config.load({"QUIZAPP_COMPANY_LOGO": str(picture)})["COMPANY_LOGO"] == str(picture)
    (tmp_path / "logo.txt").write_text("")
    (tmp_path / "large.png").write_bytes(b"0" * 600_000)
    for other in ("logo.txt", "none.png", "large.png"):
        with pytest.raises(config.SettingError, match="COMPANY_LOGO"):
            config.load({"QUIZAPP_COMPANY_LOGO": str(tmp_path / other)})
