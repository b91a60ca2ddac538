import pytest

from tests.web.conftest import read


def names(client, world, who, query=""):
    page = read(world.login(client, who).get(f"/m/callers{query}"))
    return [link.text.strip().split("\n")[0] for link in page.select("main .cells a")]


@pytest.mark.parametrize("who", ["ys.community", "ys.town", "ys.bureau"])
def test_whoever_answers_the_phone_finds_the_estates_of_the_area(client, world, who):
    assert any("青山花园小区" in name for name in names(client, world, who))
    assert not any("山亭花园" in name for name in names(client, world, who))


def test_words_narrow_the_list_and_nothing_found_says_what_to_do(client, world):
    assert len(names(client, world, "ys.community", "?q=湖畔")) == 1
    assert names(client, world, "ys.community", "?q=%25") != []
    assert "没有找到这个小区" in world.login(client, "ys.community").get("/m/callers?q=无此").text


def test_a_manager_has_no_such_page(client, world):
    assert world.login(client, "ys.hill.manager").get("/m/callers").status_code == 403


def test_the_link_leads_to_the_form_for_a_caller(client, world):
    page = read(world.login(client, "ys.community").get("/m/callers?q=湖畔"))
    form = client.get(page.select_one("main .cells a")["href"])
    assert form.status_code == 200
    assert read(form).select_one("input[name=for]")["value"] == "caller"
