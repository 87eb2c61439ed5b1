"""Promises, and what comes of them."""

from tests.support.casework import V1, took


def to(caller, promise, place, content):
    path = f"{V1}/commitments/{promise['id']}"
    seen = caller.get(path).get_json().get("version", 1)
    return caller.post(f"{path}/{place}", content, seen)


def one(caller, promise):
    return took(caller.get(f"{V1}/commitments/{promise['id']}"))


def inbox(caller, **filters):
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    return caller.get(f"{V1}/me/inbox?{query}").get_json()["items"]
