"""Settings: each with its default, what it is for and a check that fails loudly at the start.

Every setting is read from the environment as QUIZAPP_<NAME>; a secret also from the file
that QUIZAPP_<NAME>_FILE names. docs/settings.md lists them, and a test holds it to that.
"""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_SECRET = "only-for-development"  # noqa: S105 - the value that production refuses
SECRET_LENGTH = 32
POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")
LEVELS = ("debug", "info", "warning", "error")
STYLES = ("json", "text")
SECURITY = ("starttls", "tls", "none")
_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")
LARGEST_LOGO = 500_000
PICTURES = (".svg", ".png", ".jpg", ".jpeg")


class SettingError(Exception):
    """A setting that cannot be used; the text names it and the remedy."""


@dataclass(frozen=True)
class Setting:
    """One setting: its name without prefix, default, meaning and how its text is read."""

    name: str
    default: str
    meaning: str
    read: Callable[[str], Any] = str
    secret: bool = False


def _mode(text: str) -> str:
    if text not in {"development", "production"}:
        raise ValueError("use development or production")
    return text


def _positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) >= 1):
        raise ValueError("use a whole number of 1 or more")
    return int(text)


def _month_or_more(text: str) -> int:
    """Days: what is told once is told again if that is forgotten while it is still news, for 30."""
    if (days := _positive(text)) < 31:
        raise ValueError("use 31 days or more")
    return days


def _yes_or_no(text: str) -> bool:
    if text.lower() not in {"1", "0", "yes", "no", "true", "false"}:
        raise ValueError("use yes or no")
    return text.lower() in {"1", "yes", "true"}


def _locale(text: str) -> str:
    if text not in {"pt_BR", "en"}:
        raise ValueError("use pt_BR or en")
    return text


def _origin(text: str) -> str:
    """An address without path: `https://quiz.example.com`, perhaps with a port."""
    if not text:
        return ""
    parts = urlsplit(text)
    port = f":{parts.port}" if parts.port else ""  # raises ValueError for one that is none
    origin = f"{parts.scheme}://{parts.hostname or ''}{port}"
    if parts.scheme not in {"http", "https"} or not parts.hostname or origin != text.rstrip("/"):
        raise ValueError("use an address without a path, such as https://quiz.example.com")
    return origin


def _level(text: str) -> str:
    if text.lower() not in LEVELS:
        raise ValueError(f"use {', '.join(LEVELS)}")
    return text.lower()


def _style(text: str) -> str:
    if text not in STYLES:
        raise ValueError(f"use {' or '.join(STYLES)}")
    return text


def _security(text: str) -> str:
    if text not in SECURITY:
        raise ValueError(f"use {', '.join(SECURITY)}")
    return text


def _sender(text: str) -> str:
    """`name@example.com` or `Training <name@example.com>`."""
    address = parseaddr(text)[1]
    if text and (not _ADDRESS.fullmatch(address) or not text.isprintable()):
        raise ValueError("use name@example.com or Training <name@example.com>")
    return text


def _logo(text: str) -> str:
    """The absolute path of a picture; whether it can be shown, only the first certificate tells."""
    if not text:
        return ""
    path = Path(text).resolve()
    if path.suffix.lower() not in PICTURES or not path.is_file():
        raise ValueError(f"use the path of a file that ends in {', '.join(PICTURES)}")
    if path.stat().st_size > LARGEST_LOGO:
        raise ValueError("each certificate carries it: use one of 500 kB or less")
    return str(path)


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except Exception as error:
        raise ValueError("use a zone name such as America/Sao_Paulo") from error
    return text


SETTINGS = (
    Setting(
        "MODE",
        "development",
        "`production` insists on a secret of its own and sends cookies over HTTPS only.",
        _mode,
    ),
    Setting(
        "SECRET_KEY",
        DEFAULT_SECRET,
        "Signs sessions and forms. In development one is made and kept in the instance folder.",
        secret=True,
    ),
    Setting(
        "INSTANCE",
        str(ROOT / "instance"),
        "The folder for the database and what else this installation keeps.",
    ),
    Setting(
        "DATABASE_URL",
        "",
        "Where the data lives: `postgresql://…`, or SQLite in the instance folder when empty.",
        secret=True,
    ),
    Setting("PROCEDURES", str(ROOT / "materials"), "The folder of procedures that `import` reads."),
    Setting("BANKS", str(ROOT / "question_banks"), "The folder of banks that `import` reads."),
    Setting("LOCALE", "pt_BR", "The language when neither person nor browser says.", _locale),
    Setting("TIME_ZONE", "America/Sao_Paulo", "The zone in which times are shown.", _zone),
    Setting("COMPANY", "", "The name of the company, as certificates print it."),
    Setting(
        "COMPANY_LOGO", "", "Its logo on certificates: the path of an SVG, PNG or JPEG.", _logo
    ),
    Setting(
        "CERTIFICATE_ISSUER",
        "",
        "Who answers for certificates, as they print it: `Maria Souza, Training`.",
    ),
    Setting("HOST", "127.0.0.1", "The address that `quizapp serve` listens on."),
    Setting("PORT", "8000", "The port that `quizapp serve` listens on.", _positive),
    Setting("WORKERS", "2", "Processes of the production server.", _positive),
    Setting(
        "THREADS", "3", "Threads of each process; with more they wait for one another.", _positive
    ),
    Setting("SESSION_HOURS", "12", "After this many hours a person signs in again.", _positive),
    Setting(
        "SECOND_TRAINER",
        "no",
        "A key is published only when a second trainer agrees.",
        _yes_or_no,
    ),
    Setting(
        "FEW_ITEMS",
        "3",
        "Answers to fewer distinct questions say nothing yet: a heatmap shows them grey.",
        _positive,
    ),
    Setting(
        "FACILITY_FROM",
        "30",
        "From so many first exposures on a question's share of right answers is said, with its "
        "interval, and what to look at; below, counts alone.",
        _positive,
    ),
    Setting(
        "DISCRIMINATION_FROM",
        "100",
        "From so many on it is said how well a question tells apart, and how reliable a quiz is.",
        _positive,
    ),
    Setting("ARGON2_TIME_COST", "2", "Passes of argon2id over its memory.", _positive),
    Setting("ARGON2_MEMORY_KIB", "19456", "Memory of argon2id, in KiB.", _positive),
    Setting(
        "PUBLIC_URL",
        "",
        "The address that people open, such as `https://quiz.example.com`. Production needs it "
        "and refuses requests to another host.",
        _origin,
    ),
    Setting(
        "BEHIND_PROXY",
        "no",
        "Trust one reverse proxy's X-Forwarded headers for address and scheme.",
        _yes_or_no,
    ),
    Setting(
        "LOG_LEVEL",
        "info",
        "From which level on the server and the worker log; at `debug` also static files.",
        _level,
    ),
    Setting("LOG_FORMAT", "json", "`json`, a line for each event, or `text` to read.", _style),
    Setting("SMTP_HOST", "", "The server that takes e-mail; none is sent when empty."),
    Setting("SMTP_PORT", "587", "Its port: usually 587 for starttls, 465 for tls.", _positive),
    Setting(
        "SMTP_SECURITY",
        "starttls",
        "How the line to it is encrypted: `starttls`, `tls` from the first byte on, or `none`.",
        _security,
    ),
    Setting("SMTP_USER", "", "The name by which quizapp signs in there; none when empty."),
    Setting("SMTP_PASSWORD", "", "The password to it.", secret=True),
    Setting("MAIL_FROM", "", "The sender of e-mail: `Training <quiz@example.com>`.", _sender),
    Setting(
        "NOTICE_DAYS",
        "400",
        "After so many days notices that were read or went by e-mail are cleared away, and what "
        "is known of that e-mail. With less than the longest warning of a program, 365 at most, "
        "that may be told anew.",
        _month_or_more,
    ),
)


def load(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """All settings by name. Raises SettingError for one that cannot be used."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = _text_of(setting, environ)
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            raise SettingError(f"QUIZAPP_{setting.name}={text!r}: {error}.") from error
    return values


def _text_of(setting: Setting, environ: Mapping[str, str]) -> str:
    name = f"QUIZAPP_{setting.name}"
    path = environ.get(f"{name}_FILE") if setting.secret else None
    if path is None:
        return environ.get(name, setting.default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{name}_FILE={path!r} cannot be read: {error}.") from error


def secret_key(settings: Mapping[str, Any]) -> str:
    """The key that signs sessions; production takes only one that was set for it."""
    key: str = settings["SECRET_KEY"]
    if settings["MODE"] == "production":
        if key == DEFAULT_SECRET or len(key) < SECRET_LENGTH:
            raise SettingError(
                "QUIZAPP_SECRET_KEY: production needs a secret of its own, of "
                f"{SECRET_LENGTH} characters or more. Make one with: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            )
        return key
    if key != DEFAULT_SECRET:
        return key
    return _kept_secret(Path(settings["INSTANCE"]) / "secret_key")


def prepare_instance(settings: Mapping[str, Any]) -> Path:
    """The instance folder, made where it is missing. Raises SettingError unless it can be used."""
    path = Path(settings["INSTANCE"])
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            f"QUIZAPP_INSTANCE={str(path)!r} cannot be made: {error.strerror}."
        ) from error
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise SettingError(
            f"QUIZAPP_INSTANCE={str(path)!r} cannot be written to. Give it to the account that "
            "runs quizapp, or choose another folder."
        )
    return path


def _kept_secret(path: Path) -> str:
    """The development secret, made once: a known default would let anyone forge a session."""
    try:
        # O_EXCL: two workers that start together must end up with one secret.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def trusted_hosts(settings: Mapping[str, Any]) -> list[str] | None:
    """The hosts that requests may name; None in development, where all may.

    Raises SettingError where production does not know its public address.
    """
    if settings["MODE"] != "production":
        return None
    url = urlsplit(settings["PUBLIC_URL"])
    if url.scheme != "https":
        raise SettingError(
            "QUIZAPP_PUBLIC_URL: production needs the address that people open, with https:// "
            "(cookies travel by it only), such as https://quiz.example.com."
        )
    # What asks on the machine itself whether the server lives does not know the public name.
    return [str(url.hostname), "localhost", "127.0.0.1"]


def database_url(settings: Mapping[str, Any]) -> str:
    """The SQLAlchemy URL of the database. Raises SettingError for a kind that is not served."""
    path = Path(settings["INSTANCE"]).resolve() / "quizapp.sqlite3"
    scheme, colon, rest = str(settings["DATABASE_URL"] or f"sqlite:///{path}").partition("://")
    served = {"sqlite": "sqlite", **dict.fromkeys(POSTGRES, "postgresql+psycopg")}
    if scheme not in served or not colon:
        # The URL itself is not shown: it may hold a password.
        raise SettingError("QUIZAPP_DATABASE_URL: use sqlite:///… or postgresql://….")
    if scheme in POSTGRES and not _is_address(f"{scheme}://{rest}"):
        raise SettingError(
            "QUIZAPP_DATABASE_URL: this is no address. Use "
            "postgresql://name:password@host:5432/database, with %40 for @ and %2F for / "
            "in the password."
        )
    return f"{served[scheme]}://{rest}"


def _is_address(url: str) -> bool:
    """Whether it has one host and, perhaps, one port; more comes of signs in a password."""
    try:
        parts = urlsplit(url)
        return parts.netloc.count("@") <= 1 and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
