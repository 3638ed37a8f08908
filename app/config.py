"""Settings: the only reader of the environment."""

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from app.core.errors import Refused

KEY_BYTES = 32
MOST_WORKERS = 8
SHORTEST_TOKEN = 16
PLACEHOLDERS = ("changeme", "replaceme", "yoursecret", "djangoinsecure", "thisisasecret")
"""What stands in keys that were copied out of instructions, without marks between its words."""
PUBLISHED = frozenset({"192b9bdd22ab9ed4d12e236c78afcb9a393ec15f71bbf5dc987d54727823bcbf"})
"""Keys that look like chance and stand in manuals (Flask's)."""
EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 only named
LIMIT_STORES = ("redis", "rediss", "redis+unix")
MOST_BACKUPS = 1000


class BadSetting(Refused):
    """A setting that cannot be used; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class Config:
    """Everything an instance can be told. All its state is in `home`."""

    home: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    https: bool = False
    synchronous: str = "FULL"
    smtp_url: str = ""
    """smtp://user:password@host:587 or smtps://…; without it e-mail goes to the console."""
    mail_from: str = "factdeck@localhost"
    public_url: str = ""
    """The address that people open, for links in e-mail; from host and port where not given."""
    workers: int = 0
    """Processes that answer requests; 0 is one a processor, eight at most."""
    threads: int = 2
    """Threads of each worker: few, since Python runs one of them at a time."""
    proxies: int = 0
    """Reverse proxies before this server, whose X-Forwarded-… and X-Request-ID are believed."""
    log_format: str = "text"
    """"text" for people, "json" for machines."""
    metrics_token: str = ""
    """Who sends it as a bearer token gets /metrics; without one nobody does."""
    fetch_articles: bool = True
    """Whether curators may have articles fetched from public addresses."""
    backups: int = 7
    """How many daily backups are kept, and how many from before migrations; 0 for none."""
    sign_up: str = "open"
    """"open", or "invitation": then accounts are made by an admin's links alone."""
    admin_email: str = ""
    admin_password_file: str = ""
    """Who is made the first admin, for instances that nobody starts by hand."""
    rate_limit_url: str = ""
    """redis://… for rate limits of many machines; in the database where not given."""

    @property
    def site(self) -> str:
        """The address that people open, for links; without a slash at its end."""
        return self.public_url or f"http://{self._reached_by}:{self.port}"

    @property
    def _reached_by(self) -> str:
        """The host's name in addresses: who listens everywhere is reached from here, too."""
        if self.host in EVERYWHERE:
            return EVERYWHERE[self.host]
        return f"[{self.host}]" if ":" in self.host else self.host

    @classmethod
    def load(cls) -> "Config":
        """Read the environment; make the instance folder and the secret key where missing."""
        home = Path(os.environ.get("FACTDECK_HOME", "instance")).resolve()
        make_home(home)
        return cls(
            home=home,
            database_url=os.environ.get("DATABASE_URL") or f"sqlite:///{home / 'factdeck.sqlite3'}",
            secret_key=os.environ.get("FACTDECK_SECRET_KEY") or secret_key(home),
            host=os.environ.get("HOST", "127.0.0.1"),
            port=_port(os.environ.get("PORT", "8000")),
            https=_switch("FACTDECK_HTTPS", is_on=False),
            smtp_url=_smtp_url(os.environ.get("FACTDECK_SMTP_URL", "")),
            mail_from=os.environ.get("FACTDECK_MAIL_FROM", "factdeck@localhost"),
            public_url=_public_url(os.environ.get("FACTDECK_PUBLIC_URL", "")),
            workers=_number("FACTDECK_WORKERS", 0, 64) or processors(),
            threads=_number("FACTDECK_THREADS", 2, 64) or 1,
            proxies=_number("FACTDECK_PROXIES", 0, 9),
            log_format=_one_of("FACTDECK_LOG", ("text", "json")),
            metrics_token=os.environ.get("FACTDECK_METRICS_TOKEN", ""),
            fetch_articles=_switch("FACTDECK_FETCH", is_on=True),
            backups=_count("FACTDECK_BACKUPS", "7"),
            sign_up=_one_of("FACTDECK_SIGN_UP", ("open", "invitation")),
            admin_email=os.environ.get("FACTDECK_ADMIN_EMAIL", ""),
            admin_password_file=os.environ.get("FACTDECK_ADMIN_PASSWORD_FILE", ""),
            rate_limit_url=_rate_limit_url(os.environ.get("FACTDECK_RATE_LIMIT_URL", "")),
        ).checked()

    def checked(self) -> "Config":
        """Return this configuration. Raises BadSetting for what cannot be used, or is not safe."""
        _check_key(self.secret_key)
        if self.metrics_token and len(self.metrics_token) < SHORTEST_TOKEN:
            raise BadSetting(f"FACTDECK_METRICS_TOKEN needs at least {SHORTEST_TOKEN} characters.")
        if bool(self.admin_email) != bool(self.admin_password_file):
            raise BadSetting("FACTDECK_ADMIN_EMAIL and FACTDECK_ADMIN_PASSWORD_FILE go together.")
        return self


def password_in(file: str) -> str:
    """Return the password that stands in a file. Raises BadSetting."""
    try:
        return Path(file).read_text(encoding="utf-8").strip("\r\n")
    except (OSError, ValueError) as error:
        raise BadSetting(f"FACTDECK_ADMIN_PASSWORD_FILE cannot be read: {file}") from error


def _count(name: str, default: str) -> int:
    text = os.environ.get(name, default)
    if not text.isdecimal() or int(text) > MOST_BACKUPS:
        raise BadSetting(f"{name} must be a number from 0 to {MOST_BACKUPS}, not {text!r}.")
    return int(text)


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:  # noqa: PLR2004 the ports there are
        raise BadSetting(f"PORT must be a number from 1 to 65535, not {text!r}.")
    return int(text)


def processors() -> int:
    """Return how many workers this machine keeps busy: one a processor that we may use."""
    usable = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))
    return min(MOST_WORKERS, len(usable(0)))


def _number(name: str, default: int, most: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdecimal() or int(text) > most:
        raise BadSetting(f"{name} must be a number from 0 to {most}, not {text!r}.")
    return int(text)


def _one_of(name: str, known: tuple[str, ...]) -> str:
    text = os.environ.get(name) or known[0]
    if text not in known:
        raise BadSetting(f"{name} must be {' or '.join(known)}, not {text!r}.")
    return text


def _switch(name: str, *, is_on: bool) -> bool:
    """Return whether a switch is on. Raises BadSetting: "true" or "no" must not be misread."""
    text = os.environ.get(name) or str(int(is_on))
    if text not in {"0", "1"}:
        raise BadSetting(f"{name} must be 1 or 0, not {text!r}.")
    return text == "1"


def _check_key(key: str) -> None:
    """Raise BadSetting for a secret key that somebody could guess."""
    if len(key.encode()) < KEY_BYTES:
        raise BadSetting(f"FACTDECK_SECRET_KEY must have at least {KEY_BYTES} characters.")
    letters = "".join(one for one in key.casefold() if one.isalnum())
    if key in PUBLISHED or any(one in letters for one in PLACEHOLDERS):
        raise BadSetting(
            "FACTDECK_SECRET_KEY can be guessed. Make one by chance: "
            'python3 -c "import secrets; print(secrets.token_urlsafe(32))"'
        )


def _public_url(text: str) -> str:
    """Return the site's address without a slash at its end. Raises BadSetting."""
    url = text.rstrip("/")
    try:
        parts = urlsplit(url)
        is_site = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_site = is_site and (parts.port is None or parts.port > 0)
        is_bare = not (parts.query or parts.fragment or parts.username or parts.path)
    except ValueError:
        is_site = is_bare = False
    if url and not (is_site and is_bare and url.isprintable()):
        raise BadSetting(
            f"FACTDECK_PUBLIC_URL must be like https://learn.example.org, not {text!r}."
        )
    return url


def _rate_limit_url(url: str) -> str:
    """Return where rate limits are counted. Raises BadSetting, without the password in it."""
    try:
        known = urlsplit(url).scheme in LIMIT_STORES
    except ValueError:
        known = False
    if url and not known:
        raise BadSetting("FACTDECK_RATE_LIMIT_URL must look like redis://user:password@host:6379.")
    return url


def _smtp_url(url: str) -> str:
    """Return the mail server's address. Raises BadSetting, without the password in it."""
    try:
        parts = urlsplit(url)
        known = parts.port is None or parts.port > 0
        f"{unquote(parts.username or '')}{unquote(parts.password or '')}".encode("ascii")
    except ValueError:
        known, parts = False, urlsplit("")
    if url and not (known and parts.scheme in {"smtp", "smtps"} and parts.hostname):
        raise BadSetting(
            "FACTDECK_SMTP_URL must look like smtp://user:password@host:587 or smtps://… "
            "(write special characters of user and password as %40 for @ and so on)."
        )
    return url


def make_home(home: Path) -> None:
    """Make the instance folder, readable by its owner alone. Raises BadSetting."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BadSetting(f"The folder {home} cannot be made: {error.strerror}.") from error
    if not os.access(home, os.W_OK):
        raise BadSetting(f"The folder {home} cannot be written; give it to this user.")


def secret_key(home: Path) -> str:
    """Return the instance's key, made at the first start.

    Written whole to a file of its own and then linked to its name: of several processes that
    start at once all read the same key (an empty key was read one time in twenty otherwise).
    """
    path = home / "secret_key"
    if not path.exists():
        fresh = home / f".secret_key.{secrets.token_hex(8)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSetting(f"{path} can be read by others: chmod 600 it.")
    return path.read_text().strip()
