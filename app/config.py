"""Settings with their defaults; each can be set in the environment under the same name."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from environs import Env

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """Everything an installation may set. Sizes in bytes, times in seconds."""

    database_url: str = f"sqlite:///{ROOT / 'var' / 'register.db'}"
    seeds_dir: Path = ROOT / "seeds"
    public_reading: bool = True
    time_zone: str = "Asia/Shanghai"
    max_body_bytes: int = 1024 * 1024
    pool_size: int = 5
    statement_timeout: int = 30
    lock_timeout: int = 5
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
        "pool_size": env.int("POOL_SIZE", default.pool_size),
        "statement_timeout": env.int("STATEMENT_TIMEOUT", default.statement_timeout),
        "lock_timeout": env.int("LOCK_TIMEOUT", default.lock_timeout),
        "proxy_hops": env.int("PROXY_HOPS", default.proxy_hops),
        "trusted_hosts": tuple(env.list("TRUSTED_HOSTS", [])),
        "log_level": env.str("LOG_LEVEL", default.log_level),
    }
    env.seal()
    return Settings(**{**values, **overrides})
