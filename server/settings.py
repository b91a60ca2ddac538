"""Every setting on one page: read once from the environment, typed, refused when wrong."""

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

DEMO_SECRET = "demo-secret-only-for-demonstration-0000"  # noqa: S105 - refused in production
DEMO_DATA_KEY = "d1:" + base64.b64encode(b"demo-data-key-of-thirty-two-byte").decode()
TENCENT_API = "https://api.weixin.qq.com"
TENCENT_OPEN = "https://open.weixin.qq.com"
TENCENT_WECOM = "https://qyapi.weixin.qq.com"


class SettingsError(Exception):
    """A setting is missing or wrong; the text says which and what to do."""


def _setting(default: Any, about: str) -> Any:
    """One setting with its default and the sentence that `.env.example` shows."""
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True)
class Settings:
    """The whole configuration; a field's upper-case name is its environment variable."""

    mode: str = _setting("demo", "demo or production; production refuses what only a demonstration may do")
    database_url: str = _setting("", "PostgreSQL as the application's own role; empty: embedded (demo alone)")
    database_owner_url: str = _setting(
        "",
        "PostgreSQL as the owner of the tables, another role than DATABASE_URL's: for db upgrade, backup, restore, "
        "keys; web and work need it not",
    )
    postgres_bin: str = _setting(
        "",
        "folder of pg_dump and pg_restore of the server's version; empty: looked for (PATH, Debian's, embedded)",
    )
    secret_key: str = _setting(DEMO_SECRET, "signs links and CSRF tokens; at least 32 characters")
    data_key: str = _setting(
        DEMO_DATA_KEY, "field encryption: id:base64 of 32 bytes, newest first, by commas"
    )
    public_base_url: str = _setting("", "what stands in the QR codes, e.g. https://wy.example.gov.cn")
    port: int = _setting(8000, "where the web server listens")
    var_dir: str = _setting("var", "folder of the embedded database and of demo photos")
    photo_store: str = _setting("", "file:///folder or s3://bucket/prefix; empty: photos/ in VAR_DIR")
    books_dir: str = _setting(
        "", "folder of this installation's own rule books (docs/policy); empty: those that ship"
    )
    s3_path_style: bool = _setting(False, "1 for stores addressed by path (MinIO), 0 for virtual hosts")
    s3_endpoint: str = _setting("", "address of an S3-compatible store that is not Amazon's")
    poster_font: str = _setting("", "a font file with Chinese for posters; empty: the one that comes along")
    demand_totp: bool = _setting(
        False,
        "1 demands codes of an authenticator of bureau, admin, auditor in a demo too; production always does",
    )
    proxy_hops: int = _setting(0, "how many reverse proxies of ours stand in front")
    code_misses: int = _setting(300, "wrong scan codes in ten minutes from one address before it must wait")
    photos_an_hour: int = _setting(3000, "photos an hour from one address, which many residents share")
    wechat_mini_appid: str = _setting("", "mini-program")
    wechat_mini_secret: str = _setting("", "mini-program secret")
    wechat_mp_appid: str = _setting("", "service account (H5 login, template messages)")
    wechat_mp_secret: str = _setting("", "service account secret")
    wechat_mp_token: str = _setting("", "callback token")
    wechat_mp_aes_key: str = _setting("", "callback EncodingAESKey, 43 characters")
    wecom_corpid: str = _setting("", "WeCom corporation")
    wecom_secret: str = _setting("", "WeCom application secret")
    wecom_agentid: str = _setting("", "WeCom application id")
    wecom_robot_url: str = _setting("", "WeCom group robot of the bureau (its key is a secret)")
    wechat_templates: str = _setting(
        "", "purpose=template id pairs by commas, e.g. mini.progress=AbC,mp.new=XyZ"
    )
    wechat_check_files: str = _setting("", "Tencent's check files: name.txt=content pairs by commas")
    wechat_api_base: str = _setting(
        TENCENT_API, "another host only in demo or with WECHAT_ALLOW_OTHER_BASE=1"
    )
    wechat_open_base: str = _setting(TENCENT_OPEN, "the same for the H5 login page")
    wecom_api_base: str = _setting(TENCENT_WECOM, "the same for WeCom")
    wechat_allow_other_base: bool = _setting(False, "1 allows the three addresses above to be ours")
    metrics_token: str = _setting(
        "", "what Prometheus shows as bearer token at /metrics, 24 characters or more; empty: no such page"
    )
    worker_metrics: str = _setting(
        "",
        "address:port where a worker shows its own counts to Prometheus (or work --metrics); empty: nowhere",
    )
    alarm_robot_url: str = _setting(
        "",
        "WeCom group robot of the operators, for alarms (its key is a secret); empty: alarms stay on pages",
    )
    alarm_after_minutes: int = _setting(
        10, "alarm when pushes have waited and none has gone for so many minutes"
    )
    sentry_dsn: str = _setting(
        "", "where faults are reported to, without any word of a person; empty: nowhere"
    )
    sandbox_base: str = _setting(
        "", "demo alone: where the sandbox listens that stands in for WeChat, e.g. http://127.0.0.1:8009"
    )

    @property
    def totp_demanded(self) -> bool:
        """Whether bureau, admin and auditor get nowhere before they have set up a second factor."""
        return not self.demo or self.demand_totp

    @property
    def demo(self) -> bool:
        """Whether this is a demonstration with made-up people."""
        return self.mode == "demo"

    @property
    def var(self) -> Path:
        """The folder for files this machine keeps."""
        return Path(self.var_dir).resolve()

    @property
    def base_url(self) -> str:
        """The address that QR codes carry, without a slash at the end."""
        return (self.public_base_url or f"http://127.0.0.1:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach us over https, so that cookies may be `__Host-` ones."""
        return self.base_url.startswith("https://")

    @property
    def photo_url(self) -> str:
        """Where photos are kept."""
        return self.photo_store or (self.var / "photos").as_uri()


def _coerce(name: str, text: str, kind: Any) -> Any:
    if kind is int:
        if not text.isdigit():
            raise SettingsError(f"{name} must be a whole number, not {text!r}")
        return int(text)
    if kind is bool:
        if text not in {"0", "1"}:
            raise SettingsError(f"{name} must be 0 or 1, not {text!r}")
        return text == "1"
    return text


def read_settings(env: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; an empty variable means its default. Raises SettingsError."""
    source = os.environ if env is None else env
    given: dict[str, Any] = {}
    for one in fields(Settings):
        text = source.get(one.name.upper(), "").strip()
        if text:
            given[one.name] = _coerce(one.name.upper(), text, one.type)
    settings = Settings(**given)
    check(settings)
    return settings


def data_keys(settings: Settings) -> tuple[tuple[str, bytes], ...]:
    """The field-encryption keys, newest first, each with its id. Raises SettingsError."""
    keys = []
    for part in settings.data_key.split(","):
        name, _, text = part.strip().partition(":")
        try:
            key = base64.b64decode(text, validate=True)
        except binascii.Error:
            key = b""
        if not name or len(key) != 32:  # noqa: PLR2004 - AES-256
            raise SettingsError("DATA_KEY must be id:base64 of 32 bytes, several by commas")
        keys.append((name, key))
    return tuple(keys)


def check(settings: Settings) -> None:
    """Refuse settings that cannot work, or that production must not run with."""
    if settings.mode not in {"demo", "production"}:
        raise SettingsError("MODE must be demo or production")
    data_keys(settings)
    if not settings.demo:
        _check_production(settings)


def _check_production(settings: Settings) -> None:
    bases = {settings.wechat_api_base, settings.wechat_open_base, settings.wecom_api_base}
    refusals = {
        "DATABASE_URL must name a PostgreSQL server": not settings.database_url,
        "SECRET_KEY must be set, 32 characters or more": settings.secret_key == DEMO_SECRET
        or len(settings.secret_key) < 32,  # noqa: PLR2004 - the length the sentence names
        "DATA_KEY must be set": settings.data_key == DEMO_DATA_KEY,
        "PUBLIC_BASE_URL must be https": not settings.secure,
        "WECHAT_API_BASE, WECHAT_OPEN_BASE and WECOM_API_BASE must be Tencent's, or WECHAT_ALLOW_OTHER_BASE=1": (
            not bases <= {TENCENT_API, TENCENT_OPEN, TENCENT_WECOM} and not settings.wechat_allow_other_base
        ),
        "WECHAT_MP_AES_KEY must be set with WECHAT_MP_TOKEN: unsealed callbacks could be altered on their way": bool(
            settings.wechat_mp_token and not settings.wechat_mp_aes_key
        ),
        "SANDBOX_BASE is for demonstrations alone": bool(settings.sandbox_base),
        "METRICS_TOKEN must have 24 characters or more": 0 < len(settings.metrics_token) < 24,  # noqa: PLR2004
        "ALARM_ROBOT_URL must begin with WECOM_API_BASE": bool(settings.alarm_robot_url)
        and not settings.alarm_robot_url.startswith(settings.wecom_api_base.rstrip("/") + "/"),
    }
    faults = [sentence for sentence, wrong in refusals.items() if wrong]
    if faults:
        raise SettingsError("MODE=production refuses to start: " + "; ".join(faults))


def pairs(text: str) -> dict[str, str]:
    """`a=b,c=d` as a dict; used for template ids and check files."""
    return dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part)


def example() -> str:
    """The text of `.env.example`: every setting with its sentence and default."""
    lines = ["# Every setting; copy to .env or set in the environment. Empty means the default."]
    for one in fields(Settings):
        secret = one.default in {DEMO_SECRET, DEMO_DATA_KEY}
        value = int(one.default) if isinstance(one.default, bool) else one.default
        lines += [f"# {one.metadata['about']}", f"{one.name.upper()}={'' if secret else value}"]
    return "\n".join(lines) + "\n"
