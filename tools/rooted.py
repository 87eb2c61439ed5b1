"""The OpenAPI document with each path written from the root of the host."""


def rooted(document):
    """Return *document* so, with the root as its only server."""
    prefix, paths = document["servers"][0]["url"], {}
    for path, item in document["paths"].items():
        kept = {name: part for name, part in item.items() if name != "servers"}
        paths[path if "servers" in item else prefix + path] = kept
    return {**document, "paths": paths, "servers": [{"url": "/"}]}
