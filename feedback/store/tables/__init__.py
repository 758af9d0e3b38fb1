"""All tables, imported here so that the metadata is complete."""

from feedback.store.tables.audit import AuditDay, AuditEvent, AuditHead, AuditSeal
from feedback.store.tables.base import Base
from feedback.store.tables.clock import (
    CalendarVersion,
    Digest,
    Escalation,
    ExtensionRow,
    Move,
    PauseRow,
    Reminder,
    TermsVersion,
)
from feedback.store.tables.contacts import Contact
from feedback.store.tables.messages import Attachment, Blob, Message, PredictionRow
from feedback.store.tables.outbox import DeliveryAttempt, OutboxRow
from feedback.store.tables.people import Role, User, account_role
from feedback.store.tables.raw import MailCursor, RawEvent, Refusal
from feedback.store.tables.reference import ChannelToken, Field, Ward
from feedback.store.tables.rights import Erasure, LegalHold, RightsRequest
from feedback.store.tables.sealed import Sealed, SealTrace
from feedback.store.tables.tickets import Ticket

__all__ = [
    "Attachment",
    "AuditDay",
    "AuditEvent",
    "AuditHead",
    "AuditSeal",
    "Base",
    "Blob",
    "CalendarVersion",
    "ChannelToken",
    "Contact",
    "DeliveryAttempt",
    "Digest",
    "Erasure",
    "Escalation",
    "ExtensionRow",
    "Field",
    "LegalHold",
    "MailCursor",
    "Message",
    "Move",
    "OutboxRow",
    "PauseRow",
    "PredictionRow",
    "RawEvent",
    "Refusal",
    "Reminder",
    "RightsRequest",
    "Role",
    "SealTrace",
    "Sealed",
    "TermsVersion",
    "Ticket",
    "User",
    "Ward",
    "account_role",
]
