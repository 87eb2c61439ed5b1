"""Settings with their defaults; each can be set in the environment under the same name."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from environs import Env, ValidationError, validate

from app.core.addresses import is_safe
from app.core.types import Values

ROOT = Path(__file__).resolve().parents[2]
LONGEST_WAIT = 24 * 60 * 60
"""The most seconds that any setting may name: a day."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set. Sizes in bytes, times in seconds.

    *key_rate* is how many requests a second a caller may send in the long run (0: any number),
    *key_burst* how many at once; *failed_sign_ins* how many in a quarter of an hour a network.
    """

    database_url: str = f"sqlite:///{ROOT / 'var' / 'register.db'}"
    seeds_dir: Path = ROOT / "seeds"
    public_reading: bool = True
    time_zone: str = "Asia/Shanghai"
    max_body_bytes: int = 1024 * 1024
    max_file_bytes: int = 20 * 1024 * 1024
    files_url: str = str(ROOT / "var" / "files")
    pool_size: int = 5
    statement_timeout: int = 30
    lock_timeout: int = 5
    key_rate: float = 20.0
    key_burst: int = 400
    failed_sign_ins: int = 20
    audit_key: Path = ROOT / "var" / "audit-key"
    audit_anchor: Path | None = None
    checkpoints_file: Path | None = None
    checkpoint_seconds: int = 60
    checkpoint_events: int = 100
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: Path | None = None
    oidc_discovery: str = ""
    oidc_authorization: str = ""
    oidc_token: str = ""
    demo_keys: Path | None = None
    cors_origins: tuple[str, ...] = ()
    proxy_hops: int = 0
    trusted_hosts: tuple[str, ...] = ()
    log_level: str = "WARNING"

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which a day begins and ends for due dates."""
        return ZoneInfo(self.time_zone)

    @property
    def anchor_file(self) -> Path:
        """Return where this host remembers the newest checkpoint: beside the key, if not named."""
        return self.audit_anchor or self.audit_key.with_name(f"{self.audit_key.name}.anchor")


def at_least(least: int) -> validate.Range:
    """Return the check of a number that is *least* or more."""
    return validate.Range(min=least, error=f"不能小于 {least} / must be {least} or more")


SECONDS = validate.Range(
    min=1,
    max=LONGEST_WAIT,
    error=f"应为 1 至 {LONGEST_WAIT} 秒 / must be from 1 to {LONGEST_WAIT} seconds",
)


NUMBERS = {
    "max_body_bytes": at_least(1),
    "max_file_bytes": at_least(1),
    "pool_size": at_least(1),
    "statement_timeout": SECONDS,
    "lock_timeout": SECONDS,
    "key_burst": at_least(1),
    "failed_sign_ins": at_least(1),
    "checkpoint_seconds": SECONDS,
    "checkpoint_events": at_least(1),
    "proxy_hops": at_least(0),
}
"""The settings that are whole numbers, and what each of them may be."""


def check_zone(name: str) -> None:
    """Raise ValidationError where no time zone is called *name*."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        message = f"没有时区 {name} / there is no time zone {name}, such as Asia/Shanghai"
        raise ValidationError(message) from None


def check_level(name: str) -> None:
    """Raise ValidationError where no level of the log is called *name*, in whatever case."""
    known = logging.getLevelNamesMapping()
    if name.upper() not in known:
        raise ValidationError(
            f"没有日志级别 {name} / there is no log level {name}, such as WARNING"
        )


def check_readable(path: Path) -> None:
    """Raise ValidationError where *path* is there and cannot be read."""
    try:
        if path.exists():
            path.read_bytes()
    except OSError as error:
        reason = error.strerror
        raise ValidationError(f"文件不能读取（{reason}） / cannot be read: {reason}") from None


def check_secret(path: str) -> None:
    """Raise ValidationError where the file at *path*, if one is named, is no secret one."""
    if (named := outside(path)) is not None:
        check_key(named)


def check_key(path: Path) -> None:
    """Raise ValidationError where the secret key at *path* cannot be read, or others can.

    Its owner and its group may read it: that is how a service is given a file of another's.
    """
    check_readable(path)
    if path.exists() and os.name == "posix" and path.stat().st_mode & 0o027:
        raise ValidationError(
            f"别的用户能读或改写这个密钥，请执行 chmod 600 {path} /"
            f" others can read or write this secret key: chmod 600 {path}"
        )


def outside(path: str) -> Path | None:
    """Return the file that *path* names; an empty line of a settings file names none."""
    return Path(path) if path.strip() else None


def read_settings(**overrides: Any) -> Settings:
    """Read the environment over the defaults, and *overrides* over both.

    Raises environs.EnvValidationError naming every setting that cannot be read, or makes no sense.
    """
    env = Env(eager=False)
    values = {**numbers_in(env), **others_in(env)}
    env.seal()
    return Settings(**{**values, "log_level": values["log_level"].upper(), **overrides})


def numbers_in(env: Env) -> Values:
    """Return the settings that are whole numbers."""
    return {
        name: env.int(name.upper(), getattr(Settings(), name), validate=check)
        for name, check in NUMBERS.items()
    }


def others_in(env: Env) -> Values:
    """Return the settings that are no whole numbers."""
    default = Settings()
    values: Values = {
        "database_url": env.str("DATABASE_URL", default.database_url),
        "seeds_dir": env.path("SEEDS_DIR", default.seeds_dir),
        "public_reading": env.bool("PUBLIC_READING", default.public_reading),
        "time_zone": env.str("TIME_ZONE", default.time_zone, validate=check_zone),
        "files_url": env.str("FILES_URL", default.files_url),
        "key_rate": env.float("KEY_RATE", default.key_rate, validate=at_least(0)),
        "audit_key": env.path("AUDIT_KEY", default.audit_key, validate=check_key),
        "audit_anchor": outside(env.str("AUDIT_ANCHOR", "")),
        "demo_keys": outside(env.str("DEMO_KEYS", "")),
        "cors_origins": tuple(env.list("CORS_ORIGINS", [])),
        "trusted_hosts": tuple(env.list("TRUSTED_HOSTS", [])),
        "log_level": env.str("LOG_LEVEL", default.log_level, validate=check_level),
    }
    beside = str(Path(values["audit_key"] or default.audit_key).with_name("checkpoints.jsonl"))
    values["checkpoints_file"] = outside(env.str("CHECKPOINTS_FILE", beside))
    return values | provider_in(env)


def provider_in(env: Env) -> Values:
    """Return the settings about the identity provider."""
    values: Values = {n: env.str(n.upper(), "") for n in ("oidc_issuer", "oidc_audience")}
    values["oidc_jwks"] = env.str("OIDC_JWKS", "")
    values["oidc_discovery"] = env.str("OIDC_DISCOVERY", "", validate=check_source)
    for name in ("oidc_authorization", "oidc_token"):
        values[name] = env.str(name.upper(), "", validate=check_address)
    values["oidc_client_id"] = env.str("OIDC_CLIENT_ID", "", validate=needing(values))
    secret = env.str("OIDC_CLIENT_SECRET", "", validate=check_secret)
    return values | {"oidc_client_secret": outside(secret or "")}


def needing(values: Values) -> Callable[[str], None]:
    """Return the check of a client that the identity provider is named as well, in *values*."""
    both = values["oidc_authorization"] and values["oidc_token"]
    is_named = values["oidc_issuer"] and values["oidc_jwks"] and (values["oidc_discovery"] or both)

    def check(client: str) -> None:
        if client and not is_named:
            needed = "OIDC_ISSUER, OIDC_JWKS, OIDC_DISCOVERY (OIDC_AUTHORIZATION + OIDC_TOKEN)"
            raise ValidationError(f"还需要 {needed} / needs {needed}")

    return check


def check_address(address: str) -> None:
    """Raise ValidationError where others could read on the way to *address*, if one is named."""
    if address and not is_safe(address):
        raise ValidationError("应为 https 网址 / must be an https address")


def check_source(place: str) -> None:
    """Raise ValidationError where *place* is an address that others could read; a file is none."""
    if "://" in place:
        check_address(place)
