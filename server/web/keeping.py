"""The pages by which the bureau keeps places and people, as one list for the wiring."""

from server.web.bureau import estate_parts, estates, handover, imports, people, prints, terms

PAGES = (
    estate_parts.parts,
    estates.pages,
    handover.pages,
    imports.imports,
    people.pages,
    prints.sheets,
    terms.pages,
)
