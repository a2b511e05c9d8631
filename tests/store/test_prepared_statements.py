"""A prepared statement does what SQLAlchemy's own does, and fails as it does."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from noc_console.store.prepared import Prepared
from noc_console.store.schema.contacts import contact
from tests.conftest import NOW

CHANGE = (
    sa.update(contact)
    .where(contact.c.id == sa.bindparam("one"), contact.c.notes == "")
    .values(name=sa.bindparam("new"), stopped_at=sa.bindparam("at"))
)


@pytest.fixture
def rows(any_store):
    values = dict.fromkeys(("name", "zone", "language", "notes", "stopped_because"), "")
    with any_store.write() as connection:
        for number in (1, 2, 3):
            connection.execute(
                sa.insert(contact).values(
                    id=number,
                    address=f"{number}@b.example",
                    address_key=f"{number}@b.example",
                    customers=[],
                    groups=[],
                    opt_outs=[],
                    changed_by="ann",
                    changed_at=NOW,
                    **values,
                )
            )
    return any_store


def test_it_changes_the_rows_it_is_run_for_and_says_how_many(rows):
    prepared = Prepared(CHANGE)
    later = NOW + timedelta(milliseconds=1)
    with rows.write() as connection:
        assert prepared.run(connection, [{"one": 1, "new": "Ä, B", "at": later}]) == 1
        assert prepared.run(connection, [{"one": 9, "new": "x", "at": None}]) == 0
        assert (
            prepared.run(connection, [{"one": one, "new": "both", "at": None} for one in (2, 3)])
            == 2
        )

    query = sa.select(contact.c.name, contact.c.stopped_at).order_by(contact.c.id)
    with rows.read() as connection:
        found = [(row.name, row.stopped_at) for row in connection.execute(query)]
    assert found == [("Ä, B", later), ("both", None), ("both", None)]


def test_what_the_database_refuses_is_refused_as_ever_and_undone(rows):
    prepared = Prepared(
        sa.update(contact)
        .where(contact.c.id == sa.bindparam("one"))
        .values(address_key=sa.bindparam("key"))
    )
    with pytest.raises(sa.exc.IntegrityError), rows.write() as connection:
        prepared.run(connection, [{"one": 1, "key": "new"}, {"one": 2, "key": "3@b.example"}])

    with rows.read() as connection:
        keys = connection.execute(sa.select(contact.c.address_key).order_by(contact.c.id)).scalars()
        assert list(keys) == ["1@b.example", "2@b.example", "3@b.example"]
