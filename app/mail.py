"""How e-mail leaves: through SMTP where configured, otherwise to the console."""

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import click

from app.services.reminders import TryLater, Undeliverable

TIMEOUT_S = 20
FOR_GOOD = 500


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
        """Send a message.

        Raises Undeliverable and TryLater where the server refuses this message, and OSError, of
        which SMTPException is one, where it can send none.
        """
        with self._connected() as server:
            try:
                server.send_message(message)
            except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as refusal:
                raise _refused(refusal) from refusal
            except smtplib.SMTPNotSupportedError as refusal:
                raise Undeliverable(str(refusal)) from refusal

    def _connected(self) -> smtplib.SMTP:
        """Return a connection; a password is never sent in the clear."""
        parts = urlsplit(self.url)
        host, context = parts.hostname or "localhost", ssl.create_default_context()
        if parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, parts.port or 465, timeout=TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(host, parts.port or 25, timeout=TIMEOUT_S)
        if parts.username:
            try:
                if parts.scheme == "smtp":
                    server.starttls(context=context)
                server.login(unquote(parts.username), unquote(parts.password or ""))
            except OSError:
                server.close()
                raise
        return server


def _refused(refusal: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> Exception:
    """Return what a refusal means: codes from 500 on are for good (RFC 5321, 4.2.1)."""
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in refusal.recipients.values()]
    else:
        codes = [refusal.smtp_code]
    kind = Undeliverable if min(codes) >= FOR_GOOD else TryLater
    return kind(str(refusal))


def mailer(url: str) -> ConsoleMailer | SmtpMailer:
    """Return what the setting asks for; the console without one."""
    return SmtpMailer(url) if url else ConsoleMailer()
