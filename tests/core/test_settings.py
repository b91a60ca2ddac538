import base64

import pytest

from server.settings import Settings, SettingsError, data_keys, example, pairs, read_settings

KEY = "k1:" + base64.b64encode(b"x" * 32).decode()
GOOD = {
    "MODE": "production",
    "DATABASE_URL": "postgresql://app@db/msb",
    "SECRET_KEY": "s" * 40,
    "DATA_KEY": KEY,
    "PUBLIC_BASE_URL": "https://wy.example.gov.cn",
}


def test_nothing_set_is_a_demonstration():
    settings = read_settings({})
    assert settings.demo
    assert settings.base_url == "http://127.0.0.1:8000"
    assert not settings.secure


def test_production_starts_when_everything_is_said():
    settings = read_settings(GOOD)
    assert not settings.demo
    assert settings.secure


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"DATABASE_URL": ""}, "DATABASE_URL"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": Settings().secret_key}, "SECRET_KEY"),
        ({"DATA_KEY": ""}, "DATA_KEY"),
        ({"DATA_KEY": Settings().data_key}, "DATA_KEY"),
        ({"PUBLIC_BASE_URL": ""}, "PUBLIC_BASE_URL"),
        ({"PUBLIC_BASE_URL": "http://wy.example.gov.cn"}, "PUBLIC_BASE_URL"),
        ({"WECHAT_API_BASE": "http://127.0.0.1:9"}, "WECHAT_API_BASE"),
        ({"WECOM_API_BASE": "http://127.0.0.1:9"}, "WECOM_API_BASE"),
        ({"SANDBOX_BASE": "http://127.0.0.1:9"}, "SANDBOX_BASE"),
        ({"WECHAT_MP_TOKEN": "t"}, "WECHAT_MP_AES_KEY"),
    ],
)
def test_production_refuses_what_a_demonstration_allows_and_names_it(change, word):
    with pytest.raises(SettingsError, match=word):
        read_settings(GOOD | change)


def test_another_base_is_allowed_when_it_is_said_aloud():
    other = {"WECHAT_API_BASE": "https://relay.example.gov.cn", "WECHAT_ALLOW_OTHER_BASE": "1"}
    assert read_settings(GOOD | other).wechat_api_base == other["WECHAT_API_BASE"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"PORT": "eighty"},
        {"MODE": "test"},
        {"S3_PATH_STYLE": "yes"},
        {"DATA_KEY": "k1:abc"},
        {"DATA_KEY": "x"},
    ],
)
def test_what_cannot_be_is_refused_with_its_name(wrong):
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        read_settings(wrong)


def test_keys_are_read_newest_first():
    settings = Settings(data_key=f"k2:{base64.b64encode(b'y' * 32).decode()},{KEY}")
    assert [name for name, _ in data_keys(settings)] == ["k2", "k1"]


def test_pairs_take_values_with_equals_signs():
    assert pairs("a.txt=x=y, b = z") == {"a.txt": "x=y", "b ": " z"}


def test_the_example_shows_no_secret():
    assert Settings().secret_key not in example()
    assert Settings().data_key not in example()
