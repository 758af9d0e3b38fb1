"""The audit trail: a hash chain per subject, so that unrelated tickets never wait for each other, under a daily seal.

Each row's hash covers the row and the hash before it (Haber & Stornetta 1991, linked time-stamping). The application's
database role may only insert and read; what `verify` finds follows from the rows, the heads and the seals alone (ADR 9).
"""

from feedback.store.audit.chains import GENESIS, Entry, append, append_all, digest, ticket_chain
from feedback.store.audit.findings import Finding, Verified
from feedback.store.audit.verification import verify

__all__ = [
    "GENESIS",
    "Entry",
    "Finding",
    "Verified",
    "append",
    "append_all",
    "digest",
    "ticket_chain",
    "verify",
]
