"""Reference data kept in files, brought into the database after every migration: units, fields, roles."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from classifier.wards.units import VALID_FROM, units
from feedback.domain import fields
from feedback.domain.permissions import Role as RoleName
from feedback.domain.search import fold
from feedback.store.tables import Field, Role, Ward


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


def _upsert(connection: Connection, table: type[Ward | Field | Role], key: str, **values: object) -> None:
    query = insert(table).values(**values)
    rest = {name: query.excluded[name] for name in values if name != key}
    if rest:
        query = query.on_conflict_do_update(index_elements=[key], set_=rest)
    else:
        query = query.on_conflict_do_nothing(index_elements=[key])
    connection.execute(query)
