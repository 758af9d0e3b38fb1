"""Handing a mail to the mail server."""

from __future__ import annotations

import smtplib
import ssl

from channels.email.config import Security, SmtpConfig
from channels.errors import DeliveryFailed


def submit(config: SmtpConfig, sender: str, recipient: str, mail: bytes) -> None:
    """Raises DeliveryFailed; with unknown outcome when the connection broke after the mail was begun."""
    try:
        server = _connect(config)
    except smtplib.SMTPAuthenticationError:
        raise DeliveryFailed("máy chủ thư từ chối đăng nhập", hold=True, code="auth") from None
    except (OSError, smtplib.SMTPException):
        raise DeliveryFailed("không kết nối được máy chủ thư", code="connect") from None
    try:
        server.sendmail(sender, [recipient], mail)
    except (OSError, smtplib.SMTPException) as error:
        raise _failure(error) from None
    finally:
        _quit(server)


def _connect(config: SmtpConfig) -> smtplib.SMTP:
    # A fixed greeting name: looking up our own host name can hang for seconds.
    name = "hanoi-feedback.localdomain"
    if config.security is Security.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            config.host, config.port, name, timeout=config.timeout, context=ssl.create_default_context()
        )
    else:
        server = smtplib.SMTP(config.host, config.port, name, timeout=config.timeout)
    try:
        if config.security is Security.STARTTLS:
            server.starttls(context=ssl.create_default_context())
        if config.user:
            server.login(config.user, config.password)
    except BaseException:
        server.close()
        raise
    return server


def _quit(server: smtplib.SMTP) -> None:
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()


def _failure(error: OSError | smtplib.SMTPException) -> DeliveryFailed:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        status = next((code for code, _ in error.recipients.values()), 0)
        return DeliveryFailed("máy chủ từ chối người nhận", permanent=status >= 500, code=f"smtp-{status}")
    if isinstance(error, smtplib.SMTPSenderRefused):
        held = error.smtp_code >= 500
        return DeliveryFailed("máy chủ từ chối địa chỉ gửi", hold=held, code=f"smtp-{error.smtp_code}")
    if isinstance(error, smtplib.SMTPResponseException):
        permanent = error.smtp_code >= 500
        return DeliveryFailed("máy chủ từ chối thư", permanent=permanent, code=f"smtp-{error.smtp_code}")
    return DeliveryFailed("mất kết nối khi đang gửi thư", unknown=True, code="connection")
