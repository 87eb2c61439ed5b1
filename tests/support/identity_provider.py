"""An identity provider of our own: signs people in, gives codes, and exchanges each once."""

import base64
import hashlib
import json
import secrets
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

from app.core.clock import utcnow

CLIENT = "register-pages"
PLACES = (("authorization", "authorize"), ("token", "token"))


class FakeProvider:
    """What it knows: its *key*, whom it signs in, the codes that are good, and what was asked."""

    def __init__(self, address):
        self.issuer = address
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.codes, self.asked = {}, []
        self.claims, self.answer, self.signing = {}, None, self.key

    @property
    def keys(self):
        return json.dumps({"keys": [self.key.as_dict(private=False)]})

    def signs_in(self, address, subject="zhang"):
        """Return the query that leads back from *address*, where *subject* has signed in."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = query | {"sub": subject}
        return {"code": code, "state": query["state"], "iss": self.issuer}

    def token(self, fields):
        """Return the status and the answer to who exchanges a code."""
        asked = self.codes.pop(fields.get("code"), None)
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        is_good = asked is not None and challenge == asked["code_challenge"]
        if not is_good or fields["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        now = int(utcnow().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": asked["sub"], "nonce": asked["nonce"]}
        claims |= {"iat": now, "exp": now + 300} | self.claims
        given = {name: own for name, own in claims.items() if own is not None}
        header = {"alg": "ES256", "kid": "one"}
        token = jwt.encode(header, given, self.signing, algorithms=["ES256"])
        return 200, {"id_token": token, "access_token": "unused", "token_type": "Bearer"}


@contextmanager
def fake_provider():
    """Serve a provider on this machine."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            fields = {n: v[0] for n, v in parse_qs(self.rfile.read(length).decode()).items()}
            found.asked.append((self.path, fields, dict(self.headers)))
            self.tell(*(found.answer or found.token(fields)))

        def do_GET(self):
            found.asked.append((self.path, {}, dict(self.headers)))
            places = {"authorization_endpoint": f"{found.issuer}/authorize"}
            self.tell(
                200, {"issuer": found.issuer, "token_endpoint": f"{found.issuer}/token"} | places
            )

        def tell(self, status, content):
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", f"{found.issuer}/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *given):
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    found = FakeProvider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
