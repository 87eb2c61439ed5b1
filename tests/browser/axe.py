"""Whether people can use a page who see, hear or move otherwise: axe-core, by WCAG 2.2 AA."""

import re
from functools import cache

from tests.browser.needs import AXE

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
RUN = """tags => axe.run(document, {
    resultTypes: ["violations"], preload: false, runOnly: {type: "tag", values: tags},
}).then(result => result.violations.map(one => ({
    id: one.id, help: one.help, impact: one.impact,
    nodes: one.nodes.map(node => ({
        where: node.target.join(" "), html: node.html, why: node.failureSummary,
    })),
})))"""
SCRIPTS = re.compile(r"<script\b.*?</script\s*>", re.S | re.I)
NOSCRIPT = re.compile(r"<(/?)noscript\b", re.I)


@cache
def program():
    """Return axe-core as text."""
    return AXE.read_text(encoding="utf-8")


def violations(page, tags=TAGS):
    """Return what axe-core finds in *page*, which has script; each as its report has it."""
    page.evaluate(program())
    return page.evaluate(RUN, list(tags))


def without_script(page, twin):
    """Show in *twin*, which has script, what *page* shows without: axe-core is a script itself.

    What was typed since is not carried over.
    """
    html = NOSCRIPT.sub(r"<\1div", SCRIPTS.sub("", page.content()))
    address = page.url.partition("#")[0]
    twin.route(
        lambda url: url == address,
        lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"),
    )
    twin.goto(address)


def readable(found, address):
    """Return the *found* violations as lines for whoever must mend them."""
    lines = [f"{address} has what WCAG 2.2 AA forbids:"]
    for one in found:
        lines.append(f"- {one['id']} ({one['impact']}): {one['help']}")
        for node in one["nodes"]:
            why = " ".join(node["why"].split())
            lines.append(f"    {node['where']}: {node['html'][:200]}\n      {why}")
    return "\n".join(lines)
