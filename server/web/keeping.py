"""The pages by which the bureau keeps places and people, as one list for the wiring."""

from server.web.bureau import (
    estate_parts,
    estates,
    goal,
    handover,
    hotline,
    hotline_table,
    imports,
    people,
    prints,
    terms,
)

PAGES = (
    estate_parts.parts,
    estates.pages,
    goal.pages,
    handover.pages,
    hotline.pages,
    hotline_table.pages,
    imports.imports,
    people.pages,
    prints.sheets,
    terms.pages,
)
