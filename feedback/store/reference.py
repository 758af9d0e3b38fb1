"""Reference data kept in files, brought into the database after every migration: units, fields, roles,
the shipped terms and calendar."""

from __future__ import annotations

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from classifier.wards.units import VALID_FROM, units
from feedback.domain import calendar, calendar_document, fields, terms_document
from feedback.domain.permissions import Role as RoleName
from feedback.domain.search import fold
from feedback.store.tables import CalendarVersion, Field, Role, TermsVersion, Ward


def load(connection: Connection) -> None:
    """Insert what is new and update what changed; nothing is removed, because old tickets point at it."""
    for unit in units():
        _upsert(
            connection,
            Ward,
            "code",
            code=unit.code,
            name=unit.full_name,
            kind=unit.type,
            search=fold(unit.full_name),
            valid_from=VALID_FROM,
        )
    for position, field in enumerate(fields.shipped().fields):
        _upsert(
            connection,
            Field,
            "id",
            id=field.id,
            title_vi=field.title.vi,
            title_en=field.title.en,
            handler=field.first_handler,
            position=position,
            valid_from=field.valid_from,
            valid_to=field.valid_to,
        )
    for role in RoleName:
        _upsert(connection, Role, "name", name=role.value)
    _rules(connection)


def _rules(connection: Connection) -> None:
    """The shipped terms and calendars, where this database has not kept them yet. What it has is never changed."""
    now = connection.execute(select(func.now())).scalar_one()
    for terms, document in terms_document.shipped():
        connection.execute(
            insert(TermsVersion)
            .values(
                version=terms.version,
                valid_from=terms.valid_from,
                document=document,
                published_at=now,
                published_by="feedback db upgrade",
            )
            .on_conflict_do_nothing()
        )
    calendars = [*calendar_document.before(), (calendar.shipped().version, calendar_document.shipped())]
    for version, kept in calendars:
        connection.execute(
            insert(CalendarVersion)
            .values(version=version, document=kept, added_at=now)
            .on_conflict_do_nothing()
        )


def _upsert(connection: Connection, table: type[Ward | Field | Role], key: str, **values: object) -> None:
    query = insert(table).values(**values)
    rest = {name: query.excluded[name] for name in values if name != key}
    if rest:
        query = query.on_conflict_do_update(index_elements=[key], set_=rest)
    else:
        query = query.on_conflict_do_nothing(index_elements=[key])
    connection.execute(query)
