"""What was done to places stays written down."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from server.companies.editing import EstateFacts, Service, edit_estate, edit_service, end_service
from server.companies.places import place_of_estate
from server.core.db import db
from server.estates.history import Did, changes_of


@pytest.mark.parametrize("statement", ["UPDATE place_change SET detail = ''", "DELETE FROM place_change"])
def test_nobody_edits_the_record_of_changes(world, statement):
    with pytest.raises(ProgrammingError, match="permission denied"):
        db.session.execute(text(statement))


def test_changes_are_told_with_their_authors_latest_first(world):
    estate, by = world.estates["ys.hill"], world.people["ys.bureau"].id
    edit_estate(estate, EstateFacts("青山花园小区", households=510), by=by, now=world.now)
    edit_estate(estate, EstateFacts("青山花园小区", households=510), by=by, now=world.now)
    edit_service(estate, Service("新邻居物业"), by=by, now=world.now)
    end_service(estate, by=None, now=world.now)
    assert [(one.act, one.detail, one.name) for one in changes_of(estate.id)] == [
        (Did.COMPANY, "新邻居物业 撤出", None),
        (Did.COMPANY, "新邻居物业", "ys.bureau"),
        (Did.CHANGED, "户数", "ys.bureau"),
    ]
    assert place_of_estate("371323", estate.id).company_name is None


def test_a_renamed_estate_renames_the_companys_project(world):
    edit_estate(world.estates["ys.hill"], EstateFacts("青山一期"), by=None, now=world.now)
    db.session.flush()
    db.session.refresh(world.bodies["ys.hill"])
    assert world.bodies["ys.hill"].name == "好邻居物业（青山一期）"
