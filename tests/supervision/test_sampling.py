"""A look-back's sample can be drawn again by anybody who has its seed, and leaves no group out (A10)."""

from hypothesis import given
from hypothesis import strategies as st

from server.accounts.roles import Role
from server.policy.ledger import Stratum
from server.supervision.assigning import Inspector, Spot, assign
from server.supervision.sampling import Candidate, draw

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        no=st.integers(0, 400).map(lambda number: f"YS261118-{number:05d}"),
        kind=st.sampled_from(["pipe.leak", "lift.stopped", "service.price"]),
        estate=st.sampled_from("123"),
        company=st.sampled_from(["", "7", "8"]),
    ),
    max_size=80,
    unique_by=lambda one: one.no,
)
RULES = st.fixed_dictionaries(
    {
        "seed": st.text("0123456789abcdef", min_size=1, max_size=16),
        "share_percent": st.integers(1, 100),
        "least": st.integers(1, 4),
        "strata": st.lists(st.sampled_from(list(Stratum)), unique=True).map(tuple),
    }
)


@given(CANDIDATES, RULES, st.randoms(), st.integers(1, 30))
def test_a_sample_depends_on_seed_and_reports_alone(candidates, rules, random, number):
    shuffled = random.sample(candidates, len(candidates))
    for more in ({}, {"number": number}):
        drawn = draw(candidates, **rules, **more)
        assert drawn == draw(shuffled, **rules, **more)
        assert len(set(drawn)) == len(drawn)
        assert set(drawn) <= {one.no for one in candidates}
    assert len(draw(candidates, **rules, number=number)) == min(number, len(candidates))


@given(CANDIDATES, RULES)
def test_the_share_is_reached_and_every_group_has_its_least(candidates, rules):
    drawn = set(draw(candidates, **rules))
    assert len(drawn) * 100 >= len(candidates) * rules["share_percent"]
    for stratum in rules["strata"]:
        for group in {one.of(stratum) for one in candidates}:
            members = {one.no for one in candidates if one.of(stratum) == group}
            assert len(members & drawn) >= min(rules["least"], len(members))


def test_a_known_sample_stays_what_it_is():
    candidates = [Candidate(f"YS261118-{number:05d}", "pipe.leak", "1", "7") for number in range(20)]
    drawn = draw(candidates, seed="2026", share_percent=10, least=1, strata=(Stratum.KIND,))
    assert drawn == KNOWN


KNOWN = ("YS261118-00017", "YS261118-00015")


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2)), max_size=30),
    st.lists(
        st.sampled_from([(Role.COMMUNITY, 1), (Role.COMMUNITY, 2), (Role.TOWNSHIP, 1), (Role.BUREAU, 9)]),
        unique=True,
    ),
)
def test_each_report_goes_to_the_nearest_inspector_or_to_who_asked(places, posts):
    inspectors = [Inspector(10 + number, body, role) for number, (role, body) in enumerate(posts)]
    spots = [Spot(f"no{number}", community, township) for number, (community, township) in enumerate(places)]
    found = assign(spots, inspectors, otherwise=1)
    by_post = {one.post_id: one for one in inspectors}
    for spot in spots:
        chosen = by_post.get(found[spot.no])
        near = {(one.role, one.body_id) for one in inspectors}
        if (Role.COMMUNITY, spot.community_id) in near:
            assert (chosen.role, chosen.body_id) == (Role.COMMUNITY, spot.community_id)
        elif (Role.TOWNSHIP, spot.township_id) in near:
            assert (chosen.role, chosen.body_id) == (Role.TOWNSHIP, spot.township_id)
        elif (Role.BUREAU, 9) in near:
            assert chosen.role is Role.BUREAU
        else:
            assert chosen is None
