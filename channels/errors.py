"""The only failures an adapter may raise towards the application."""

from __future__ import annotations


class ChannelError(Exception):
    """Base of every failure of a channel. The text is safe to log: it never quotes a message or a person."""


class SignatureInvalid(ChannelError):
    """The delivery is not proven to come from the provider."""


class UnsupportedPayload(ChannelError):
    """The delivery is authentic but cannot be read: unknown shape, broken encoding, over a limit."""


class SourceUnreachable(ChannelError):
    """A mailbox or folder cannot be read now. Nothing is lost: a later poll fetches it."""


class DeliveryFailed(ChannelError):
    """A message could not be sent.

    `permanent`: trying again cannot help on this channel; a person has to see it.
    `retry_after`: seconds the provider asked us to wait, where it did.
    `unknown`: the provider may have sent it (the connection broke after the request left us).
    `hold`: the whole channel should wait (quota, plan, configuration), not just this message.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: float | None = None,
        unknown: bool = False,
        hold: bool = False,
        code: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.unknown = unknown
        self.hold = hold
        self.code = code
