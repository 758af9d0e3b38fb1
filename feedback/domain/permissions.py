"""Who may do what: one table of roles and actions, narrowed by the facts of the ticket."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from feedback.domain.errors import NotAllowed
from feedback.domain.kinds import RESTRICTED_QUEUES, Kind, Queue


class Role(StrEnum):
    WARD_OFFICER = "ward_officer"
    WARD_LEAD = "ward_lead"
    DISPATCHER = "dispatcher"
    AUDITOR = "auditor"
    ADMIN = "admin"
    DENUNCIATION_OFFICER = "denunciation_officer"
    WARD_CHAIR = "ward_chair"
    PRIVACY_OFFICER = "privacy_officer"


class Origin(StrEnum):
    """Where an actor comes from. Only staff have roles."""

    STAFF = "staff"
    CITIZEN = "citizen"
    SYSTEM = "system"


class Action(StrEnum):
    """Everything that needs a permission. The first group changes a ticket (see workflow)."""

    TRIAGE = "triage"
    ROUTE = "route"
    ASSIGN = "assign"
    ANSWER = "answer"
    TRANSFER = "transfer"
    SEND_BACK = "send_back"
    CLOSE = "close"
    REJECT = "reject"
    REOPEN = "reopen"
    RATE = "rate"
    COMMENT = "comment"
    HAND_OVER = "hand_over"
    RECLASSIFY = "reclassify"
    JOIN = "join"
    PAUSE = "pause"
    RESUME = "resume"
    ASK_EXTENSION = "ask_extension"
    DECIDE_EXTENSION = "decide_extension"
    APPEAL = "appeal"

    READ = "read"
    READ_CONTACT = "read_contact"
    RESEND = "resend"
    HOLD = "hold"

    VIEW_FIGURES = "view_figures"
    EXPORT_FIGURES = "export_figures"
    VIEW_AUDIT = "view_audit"
    VIEW_TERMS = "view_terms"
    MANAGE_TERMS = "manage_terms"
    MANAGE_RIGHTS = "manage_rights"
    MANAGE_USERS = "manage_users"
    MANAGE_CHANNELS = "manage_channels"
    MANAGE_QUARANTINE = "manage_quarantine"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts. `ward_code` binds ward staff; `name` is for the audit trail (never a citizen's)."""

    user_id: int | None
    name: str
    roles: frozenset[Role] = frozenset()
    ward_code: str | None = None
    origin: Origin = Origin.STAFF

    @classmethod
    def system(cls, name: str) -> Actor:
        """A part of the service itself, for example `Actor.system("triage")`."""
        return cls(None, name, origin=Origin.SYSTEM)

    @classmethod
    def citizen(cls) -> Actor:
        """The writer of the ticket, proven by code and contact before this is called."""
        return cls(None, "citizen", origin=Origin.CITIZEN)


@dataclass(frozen=True, slots=True)
class TicketFacts:
    """What the rules need to know of a ticket."""

    queue: Queue
    ward_code: str | None
    restricted: bool
    kind: Kind
    field: str | None = None
    assigned_to: int | None = None


WARD_WORK = frozenset(
    {
        Action.READ,
        Action.READ_CONTACT,
        Action.ASSIGN,
        Action.ANSWER,
        Action.TRANSFER,
        Action.SEND_BACK,
        Action.CLOSE,
        Action.REJECT,
        Action.COMMENT,
        Action.RECLASSIFY,
        Action.RESEND,
        Action.PAUSE,
        Action.RESUME,
        Action.ASK_EXTENSION,
    }
)
DESK_WORK = WARD_WORK | {
    Action.ROUTE,
    Action.REOPEN,
    Action.HAND_OVER,
    Action.JOIN,
    Action.DECIDE_EXTENSION,
}

TICKET_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.WARD_OFFICER: WARD_WORK,
    Role.WARD_LEAD: WARD_WORK | {Action.REOPEN, Action.DECIDE_EXTENSION},
    Role.WARD_CHAIR: frozenset({Action.READ, Action.COMMENT, Action.DECIDE_EXTENSION}),
    Role.DISPATCHER: DESK_WORK,
    Role.DENUNCIATION_OFFICER: DESK_WORK | {Action.HOLD},
    Role.AUDITOR: frozenset({Action.READ}),
    Role.ADMIN: frozenset({Action.RESEND}),
    Role.PRIVACY_OFFICER: frozenset({Action.HOLD}),
}
"""What each role may do to a ticket that lies within its reach (`_reaches`)."""

GENERAL_ACTIONS: dict[Role, frozenset[Action]] = {
    Role.WARD_OFFICER: frozenset(),
    Role.WARD_LEAD: frozenset({Action.VIEW_FIGURES}),
    Role.WARD_CHAIR: frozenset({Action.VIEW_FIGURES}),
    Role.DISPATCHER: frozenset({Action.VIEW_FIGURES, Action.VIEW_TERMS}),
    Role.DENUNCIATION_OFFICER: frozenset(),
    Role.AUDITOR: frozenset(
        {Action.VIEW_FIGURES, Action.EXPORT_FIGURES, Action.VIEW_AUDIT, Action.VIEW_TERMS}
    ),
    Role.ADMIN: frozenset(
        {
            Action.MANAGE_USERS,
            Action.MANAGE_CHANNELS,
            Action.MANAGE_QUARANTINE,
            Action.VIEW_TERMS,
            Action.MANAGE_TERMS,
        }
    ),
    Role.PRIVACY_OFFICER: frozenset({Action.MANAGE_RIGHTS}),
}
"""What each role may do where no ticket is concerned."""

SYSTEM_ACTIONS = frozenset(
    {Action.TRIAGE, Action.ROUTE, Action.JOIN, Action.READ, Action.RESEND, Action.RESUME}
)
"""The service reads, routes, joins and ends pauses; it never answers, closes, rejects or hands over: a person does."""

CITIZEN_ACTIONS = frozenset(
    {Action.READ, Action.RATE, Action.REOPEN, Action.COMMENT, Action.JOIN, Action.APPEAL}
)

WARD_ROLES = frozenset({Role.WARD_OFFICER, Role.WARD_LEAD, Role.WARD_CHAIR})


def allowed(actor: Actor, action: Action, subject: TicketFacts | None = None) -> bool:
    """Whether `actor` may do `action` to `subject` (None where no ticket is concerned)."""
    if actor.origin is Origin.SYSTEM:
        return action in SYSTEM_ACTIONS
    if actor.origin is Origin.CITIZEN:
        return action in CITIZEN_ACTIONS and subject is not None
    return any(_role_allows(actor, role, action, subject) for role in actor.roles)


def require(actor: Actor, action: Action, subject: TicketFacts | None = None) -> None:
    """Raises NotAllowed unless `allowed`."""
    if not allowed(actor, action, subject):
        raise NotAllowed


def is_restricted(subject: TicketFacts) -> bool:
    """Restricted by mark, by queue or by kind: any one of them is enough."""
    return subject.restricted or subject.queue in RESTRICTED_QUEUES or is_denunciation(subject)


def _role_allows(actor: Actor, role: Role, action: Action, subject: TicketFacts | None) -> bool:
    if subject is None:
        return action in GENERAL_ACTIONS[role]
    if action not in TICKET_ACTIONS[role] or not _reaches(actor, role, subject):
        return False
    return not (role is Role.WARD_OFFICER and action is Action.ASSIGN and _is_a_colleagues(actor, subject))


def _reaches(actor: Actor, role: Role, subject: TicketFacts) -> bool:
    """Which tickets exist at all for somebody in this role."""
    if is_denunciation(subject):
        return role is Role.DENUNCIATION_OFFICER
    if role in WARD_ROLES:
        return _in_own_ward(actor, subject)
    if role is Role.DENUNCIATION_OFFICER:
        return is_restricted(subject)
    return role is Role.DISPATCHER or not is_restricted(subject)


def _in_own_ward(actor: Actor, subject: TicketFacts) -> bool:
    # A ward never handles words about its own officials, whichever desk the ticket was put on by mistake.
    return (
        subject.queue is Queue.WARD
        and actor.ward_code is not None
        and subject.ward_code == actor.ward_code
        and subject.field != "official_conduct"
        and not is_restricted(subject)
    )


def is_denunciation(subject: TicketFacts) -> bool:
    """By queue or by kind: its content belongs into the restricted store."""
    return subject.queue is Queue.DENUNCIATION or subject.kind is Kind.DENUNCIATION


def _is_a_colleagues(actor: Actor, subject: TicketFacts) -> bool:
    return subject.assigned_to not in (None, actor.user_id)
