"""The public pages by their addresses, and the numbers that one shows."""

import re

from tests.support.factories import PARK

PAGES = (
    "/",
    "/search",
    "/search?q=算力中心",
    "/search?q=算力中心&expand=none&sort=relevance",
    "/recommendations",
    "/recommendations?tag=ai-industrial-park&progress=not_started&overdue=false&q=园区",
    f"/recommendations/{PARK}",
    "/tags",
    "/tags?q=算力",
    "/tags/ai-industrial-park",
    "/tags/ai-industrial-park/numbers",
    "/tags/ai-industrial-park/dossier",
    "/dossier?q=算力",
    "/proposals",
    "/proposals?session=zhengzhou-cppcc-15-4-standing",
    "/proposals/D002-P04",
    "/documents",
    "/documents/D002",
    "/documents/D002/text",
    "/offices",
    "/offices?q=工业",
    "/offices/zhengzhou-industry",
    "/organizations",
    "/organizations/zhengzhou-industry",
    "/persons",
    "/persons/sun-hong",
    "/sessions",
    "/sessions/zhengzhou-cppcc-15-4-standing",
    "/figures",
    "/figures/funnel",
    "/figures/stages?by=tag&within=session:zhengzhou-cppcc-15-4-standing",
    "/figures/implementation_rate_broad?months=12",
    "/figures/implementation_rate_broad.svg?months=12",
    "/commitments",
    "/replies",
)
"""One page of each kind, with and without a query."""


def numbers(html):
    """Return the addresses of all numbers of a page, and how many each says there are."""
    cards = re.findall(r'class="number" href="([^"]+)"><strong>(\d+)</strong>', html)
    cells = re.findall(r'<td class="figure"><a href="([^"]+)">(\d+)</a>', html)
    return {address.replace("&amp;", "&"): int(number) for address, number in [*cards, *cells]}
