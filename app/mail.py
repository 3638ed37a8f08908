"""How e-mail leaves: through SMTP where configured, otherwise to the console."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import click

TIMEOUT_S = 20


class ConsoleMailer:
    """Prints messages: for trying out, and where no server is configured."""

    def send(self, message: EmailMessage) -> None:
        """Print a message."""
        click.echo(message.as_string())


@dataclass(frozen=True, slots=True)
class SmtpMailer:
    """Sends through `smtp://user:password@host:587` (STARTTLS) or `smtps://…` (TLS)."""

    url: str

    def send(self, message: EmailMessage) -> None:
        """Send a message. Raises OSError, of which SMTPException is one."""
        parts = urlsplit(self.url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_S)
        with server:
            if parts.username:
                if parts.scheme == "smtp":
                    server.starttls(context=context)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            server.send_message(message)


def mailer(url: str) -> ConsoleMailer | SmtpMailer:
    """Return what the setting asks for; the console without one."""
    return SmtpMailer(url) if url else ConsoleMailer()
