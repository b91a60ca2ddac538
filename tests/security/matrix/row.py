"""One line of the matrix: who gets in by a route, to which things, and what everybody else is told."""

from dataclasses import dataclass, field

from tests.security.scene import FAR, KNOWN, NEAR, OUTSIDE, OWN, SIDES, STAFF

ALL_STAFF = " ".join(STAFF)


@dataclass(frozen=True)
class Row:
    """A route as somebody who has not read its code would have it."""

    route: str
    """Method and endpoint."""
    address: str
    """`{estate}`, `{no}` … stand for the things of a side."""
    own: str = ""
    """Callers who reach their own thing alone."""
    county: str = ""
    """Callers who reach everything of their county."""
    everywhere: str = ""
    """Callers who reach it wherever it lies."""
    says: str = "200"
    """The answers of whoever gets in."""
    public: bool = False
    """No door: whoever does not reach the thing is told that there is none."""
    staff: bool = False
    """Every post gets through the door."""
    hidden: int = 404
    """What those are told who get through the door and do not reach the thing."""
    strangers: int = 0
    """What those without a post are told instead, where a page would rather have them log in."""
    form: dict[str, str] = field(default_factory=dict)
    json: object = None

    @property
    def method(self):
        """GET, POST, PUT or DELETE."""
        return self.route.split()[0]

    @property
    def endpoint(self):
        """The name of the view."""
        return self.route.split()[1]

    @property
    def sides(self):
        """Whose things the route is tried with: of all sides where it names a thing, else once."""
        named = "{" in self.address + "".join(self.form.values())
        return SIDES if named else (OWN,)

    def reach(self, caller):
        """How far a caller reaches: the sides, or None where the door is shut."""
        if caller in self.everywhere.split():
            return SIDES
        if caller in self.county.split():
            return (OWN, NEAR)
        if caller in self.own.split():
            return (OWN,)
        through = self.public or (self.staff and caller in STAFF)
        return () if through else None

    def expected(self, caller, side):
        """The answers that are right."""
        sides = self.reach(caller)
        if sides is None:
            return {401 if caller in OUTSIDE else 403}
        if side in sides:
            return {int(code) for code in self.says.split()}
        if self.strangers and caller in (*OUTSIDE, *KNOWN):
            return {self.strangers}
        return {self.hidden}

    @property
    def entry(self):
        """What the route's own declaration must be."""
        if self.public:
            return {"public"}
        named = set(f"{self.own} {self.county} {self.everywhere}".split())
        return {"staff"} if self.staff else {"resident" if one == "neighbour" else one for one in named}


def everybody(route, address, says="200", **more):
    """A route without a secret: the same for all, wherever the thing lies."""
    return Row(
        route, address, everywhere=" ".join((*OUTSIDE, *KNOWN, *STAFF)), says=says, public=True, **more
    )


__all__ = ["ALL_STAFF", "FAR", "Row", "everybody"]
