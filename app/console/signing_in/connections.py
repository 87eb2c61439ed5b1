"""Where a request comes from and leads to: a connection that nobody reads, an address of ours."""

from urllib.parse import urlsplit

from flask import current_app, request

from app.core.addresses import is_local
from app.core.schemas.messages import say
from app.http.problems import Refused

LONGEST_ADDRESS = 2000


def own_address(given: str | None) -> str:
    """Return *given* where it is an address of this site, else that of the first page."""
    own = given or "/"
    is_ours = own.startswith("/") and not own.startswith("//") and "\\" not in own
    return own if is_ours and own.isprintable() and len(own) <= LONGEST_ADDRESS else "/"


def is_private() -> bool:
    """Return whether nobody on the way reads what is sent: https, or this very machine."""
    return request.is_secure or is_local(host_name())


def host_name() -> str:
    """Return the name under which this site was asked for, without its port."""
    try:
        return urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return ""


def is_on_this_machine() -> bool:
    """Return whether the request comes from this very machine, whatever it says of itself."""
    return is_private() and is_local(request.remote_addr or "")


def check_connection() -> None:
    """Raise Refused (403) where a secret would go over the network for everyone to read."""
    if is_private():
        return
    raise Refused(
        403,
        say(
            "此连接没有加密（http），密钥会被同一网络上的人看到。请用 https 地址打开本站后再登录；"
            "管理员可查阅 docs/operating.zh-CN.md。",
            "This connection is not encrypted (http): others on the network could read the key."
            " Open the site by its https address; administrators see docs/operating.md.",
        ),
        kind="permission-denied",
    )


def place_to_return() -> str:
    """Return the page that was asked for; of a form the one that shows it or that it came from."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    adapter = current_app.create_url_adapter(request)
    if adapter is not None and adapter.test(request.path, method="GET"):
        return request.path
    try:
        came_from = urlsplit(request.referrer or "")
    except ValueError:
        return "/"
    return came_from.path if came_from.netloc == request.host else "/"
