"""Names written into the audit trail and the outbox. They are stored: add, never rename."""

from __future__ import annotations

from enum import StrEnum


class AuditAction(StrEnum):
    """What happened, as the audit trail says it."""

    RECEIVED = "received"
    JOINED = "joined"
    TRIAGED = "triaged"
    TRIAGE_FAILED = "triage_failed"
    ROUTED = "routed"
    ASSIGNED = "assigned"
    TRANSFERRED = "transferred"
    SENT_BACK = "sent_back"
    RECLASSIFIED = "reclassified"
    COMMENTED = "commented"
    ANSWERED = "answered"
    CLOSED = "closed"
    REJECTED = "rejected"
    REOPENED = "reopened"
    RATED = "rated"
    HANDED_OVER = "handed_over"
    ACKNOWLEDGED = "acknowledged"
    REPLY_SENT = "reply_sent"
    REPLY_FAILED = "reply_failed"
    REPLY_RESENT = "reply_resent"
    TICKET_READ = "ticket_read"
    CONTACT_READ = "contact_read"
    FIGURES_EXPORTED = "figures_exported"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_APPROVED = "extension_approved"
    EXTENSION_REFUSED = "extension_refused"
    ESCALATED = "escalated"
    REJUDGED = "rejudged"
    """Moved to another version of the terms or of the calendar."""
    APPEALED = "appealed"
    PUT_UNDER_SEAL = "put_under_seal"
    TAKEN_FROM_SEAL = "taken_from_seal"
    READ_REFUSED = "read_refused"
    """Somebody asked for a ticket beyond the own reach, or for a code that does not exist."""
    TERMS_PUBLISHED = "terms_published"
    TRAIL_SEALED = "trail_sealed"
    RECOMPUTED = "recomputed"
    LETTER_READ = "letter_read"
    ERASED = "erased"
    HELD = "held"
    HOLD_LIFTED = "hold_lifted"
    RIGHTS_ASKED = "rights_asked"
    RIGHTS_SETTLED = "rights_settled"
    CONTACT_CORRECTED = "contact_corrected"
    QUARANTINE_RELEASED = "quarantine_released"
    USER_CREATED = "user_created"
    USER_CHANGED = "user_changed"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOGIN_FAILED = "login_failed"


PLACED_BY_PERSON = frozenset(
    {
        AuditAction.ROUTED,
        AuditAction.TRANSFERRED,
        AuditAction.SENT_BACK,
        AuditAction.RECLASSIFIED,
        AuditAction.REOPENED,
        AuditAction.APPEALED,
    }
)
"""After any of these the classifier no longer decides where the ticket stands."""


class Task(StrEnum):
    """Work that waits in the outbox."""

    TRIAGE = "triage"
    DELIVER = "deliver"
