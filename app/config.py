"""Settings with their defaults; each can be set in the environment under the same name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from environs import Env

ROOT = Path(__file__).resolve().parent.parent


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
    checkpoints_file: Path | None = None
    checkpoint_seconds: int = 60
    checkpoint_events: int = 100
    oidc_issuer: str = ""
    oidc_audience: str = ""
    oidc_jwks: str = ""
    cors_origins: tuple[str, ...] = ()
    proxy_hops: int = 0
    trusted_hosts: tuple[str, ...] = ()
    log_level: str = "WARNING"

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone in which a day begins and ends for due dates."""
        return ZoneInfo(self.time_zone)


def read_settings(**overrides: Any) -> Settings:
    """Read the environment over the defaults, and *overrides* over both.

    Raises environs.EnvValidationError naming every setting that cannot be read.
    """
    env = Env(eager=False)
    default = Settings()
    values: dict[str, Any] = {
        "database_url": env.str("DATABASE_URL", default.database_url),
        "seeds_dir": env.path("SEEDS_DIR", default.seeds_dir),
        "public_reading": env.bool("PUBLIC_READING", default.public_reading),
        "time_zone": env.str("TIME_ZONE", default.time_zone),
        "max_body_bytes": env.int("MAX_BODY_BYTES", default.max_body_bytes),
        "max_file_bytes": env.int("MAX_FILE_BYTES", default.max_file_bytes),
        "files_url": env.str("FILES_URL", default.files_url),
        "pool_size": env.int("POOL_SIZE", default.pool_size),
        "statement_timeout": env.int("STATEMENT_TIMEOUT", default.statement_timeout),
        "lock_timeout": env.int("LOCK_TIMEOUT", default.lock_timeout),
        "key_rate": env.float("KEY_RATE", default.key_rate),
        "key_burst": env.int("KEY_BURST", default.key_burst),
        "failed_sign_ins": env.int("FAILED_SIGN_INS", default.failed_sign_ins),
        "audit_key": env.path("AUDIT_KEY", default.audit_key),
        "checkpoints_file": env.path("CHECKPOINTS_FILE", None),
        "checkpoint_seconds": env.int("CHECKPOINT_SECONDS", default.checkpoint_seconds),
        "checkpoint_events": env.int("CHECKPOINT_EVENTS", default.checkpoint_events),
        "oidc_issuer": env.str("OIDC_ISSUER", default.oidc_issuer),
        "oidc_audience": env.str("OIDC_AUDIENCE", default.oidc_audience),
        "oidc_jwks": env.str("OIDC_JWKS", default.oidc_jwks),
        "cors_origins": tuple(env.list("CORS_ORIGINS", [])),
        "proxy_hops": env.int("PROXY_HOPS", default.proxy_hops),
        "trusted_hosts": tuple(env.list("TRUSTED_HOSTS", [])),
        "log_level": env.str("LOG_LEVEL", default.log_level),
    }
    env.seal()
    return Settings(**{**values, **overrides})
