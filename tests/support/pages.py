"""A reader of pages without a screen: follows links, fills forms in and sends them."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

HOST = "http://localhost"


class Reading(HTMLParser):
    """What a page holds: its text, its links, and its forms with the values they start with."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.words, self.links, self.forms = [], [], []
        self.inside, self.area, self.select, self.choosing = None, None, None, None
        self.feed(html)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, pairs):
        own = dict(pairs)
        if tag == "a" and own.get("href"):
            self.links.append(own["href"])
        elif tag == "form":
            self.inside = {"action": own.get("action", ""), "method": own.get("method", "get")}
            self.inside |= {"fields": [], "buttons": [], "names": set()}
            self.forms.append(self.inside)
        elif self.inside is not None:
            self.field(tag, own)

    def field(self, tag, own):
        name = own.get("name")
        if name:
            self.inside["names"].add(name)
        if tag == "button":
            self.inside["buttons"].append((name, own.get("value", "")))
        elif tag == "textarea":
            self.area = [name, ""]
        elif tag == "select":
            self.select, self.choosing = name, None
        elif tag == "option" and self.select:
            if self.choosing is None or "selected" in own:
                self.choosing = own.get("value", "")
        elif tag == "input" and name and is_sent(own):
            self.inside["fields"].append((name, own.get("value") or ""))

    def handle_data(self, data):
        if self.area is not None:
            self.area[1] += data
        self.words.append(data)

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = None
        elif tag == "textarea" and self.area:
            self.inside["fields"].append((self.area[0], self.area[1].removeprefix("\n")))
            self.area = None
        elif tag == "select" and self.select and self.inside is not None:
            self.inside["fields"].append((self.select, self.choosing or ""))
            self.select = None


def is_sent(own):
    """Return whether a browser sends an input as it stands: no file, no box that is not ticked."""
    kind = own.get("type", "text")
    return kind not in ("submit", "file") and (
        kind not in ("checkbox", "radio") or "checked" in own
    )


class Reader:
    """Somebody at the pages, who keeps cookies; *page* is what they see, *status* its status."""

    def __init__(self, client, lang="zh"):
        self.client, self.lang = client, lang
        self.page, self.status, self.response, self.address = None, None, None, "/"

    def get(self, address):
        """Open the page at *address*, and follow where it leads."""
        return self.show(self.client.get(address, headers=self.headers()), address)

    def headers(self):
        return {"Accept": "text/html", "Accept-Language": self.lang, "Origin": HOST}

    def show(self, response, address):
        steps = 0
        while response.status_code in (302, 303) and steps < 5:
            address = urljoin(address, response.headers["Location"])
            response = self.client.get(address, headers=self.headers())
            steps += 1
        self.address, self.response, self.status = address, response, response.status_code
        self.page = Reading(response.get_data(as_text=True))
        return self.page

    def form(self, action):
        """Return the form of this page that is sent to *action*, or to what begins with it."""
        exact = [one for one in self.page.forms if one["action"] == action]
        near = [one for one in self.page.forms if urlsplit(one["action"]).path.startswith(action)]
        found = exact or near
        assert found, f"no form for {action} among {[f['action'] for f in self.page.forms]}"
        return found[0]

    def submit(self, action, /, press=None, **typed):
        """Fill the form for *action* in with what is *typed* and send it; follow where it leads.

        A field has several values in a list, and none with None; dots stand for ``__`` in names.
        *press* is the name and the value of the button.
        """
        form = self.form(action)
        typed = {name.replace("__", "."): value for name, value in typed.items()}
        unknown = typed.keys() - form["names"]
        assert not unknown, f"the form has no {sorted(unknown)}, but {sorted(form['names'])}"
        pairs = [(name, value) for name, value in form["fields"] if name not in typed]
        for name, value in typed.items():
            values = value if isinstance(value, list) else [value]
            pairs += [(name, str(one)) for one in values if one is not None]
        if press:
            pairs.append(press)
        return self.send(form["action"], pairs, form["method"])

    def send(self, action, pairs, method="post", **headers):
        """Send *pairs* of names and values to *action*, and follow where it leads."""
        given = {**self.headers(), **headers}
        values = {}
        for name, value in pairs:
            values.setdefault(name, []).append(value)
        if method.lower() == "get":
            response = self.client.get(action, query_string=values, headers=given)
        else:
            response = self.client.post(action, data=values, headers=given)
        return self.show(response, action)

    def sign_in(self, key):
        """Sign in with *key*."""
        self.get("/sign-in")
        self.submit("/sign-in", key=key)
        assert self.status == 200, self.page.text
        return self
