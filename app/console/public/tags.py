"""Tags: who asked what, which office has it, how far it is; and the dossier that is printed.

The page of a tag costs the same however much has the tag: what is counted anew at each reading is
a page of its own.
"""

from collections.abc import Sequence
from itertools import groupby

from flask import Response, request

from app.console.calls import ask
from app.console.forms import Form
from app.console.pages import Pages, done, page, say
from app.console.public import filters
from app.console.public.lists import list_page
from app.core.types import Values

blueprint = Pages("tags_of_the_register", __name__)


@blueprint.get("/tags")
def tag_list() -> Response:
    """Show the tags as a tree, or those that the address asks for."""
    if filters.passed_on():
        return list_page("listTags", "public/tags.html", filters.tags(), roots=[], below={})
    found = ask("listTags", limit=200, with_total=True)
    below: dict[str | None, list[Values]] = {}
    known = {row["slug"] for row in found["items"]}
    for row in found["items"]:
        broader = row["broader"]["slug"] if row["broader"] else None
        below.setdefault(broader if broader in known else None, []).append(row)
    form = Form(request.args)
    roots = below.pop(None, [])
    return page("public/tags.html", form=form, found=found, narrowings=[], roots=roots, below=below)


@blueprint.get("/tags/<slug>")
def tag_page(slug: str) -> Response:
    """Show how far a tag is; one that was merged leads to the tag that goes on for it."""
    tag = ask("getTag", {"slug": slug})
    if tag["merged_into"]:
        return merged(tag)
    within = {"within": f"tag:{slug}"}
    newest = ask(
        "listRecommendations", tag=slug, sort="-id", limit=20, cursor=request.args.get("cursor")
    )
    return page(
        "public/tag.html",
        progress=ask("getTagProgress", {"slug": slug}, months=0, with_figures=False),
        funnel=ask("getFigure", {"figure": "funnel"}, **within),
        late=ask("getFigure", {"figure": "late_recommendations"}, **within),
        promised=ask("getFigure", {"figure": "promised_recommendations"}, **within),
        cases=by_proposal(newest["items"]),
        next=newest["next"],
    )


def by_proposal(rows: Sequence[Values]) -> list[tuple[Values, list[Values]]]:
    """Return each proposal of the recommendations *rows*, as its list shows it, with its own."""
    asked = [
        (reference, list(own))
        for reference, own in groupby(rows, lambda row: row["proposal"]["reference"])
    ]
    if not asked:
        return []
    found = ask("listProposals", reference=[reference for reference, _ in asked], limit=50)
    by_reference = {row["reference"]: row for row in found["items"]}
    return [
        (by_reference.get(reference) or own[0]["proposal"], own[::-1]) for reference, own in asked
    ]


@blueprint.get("/tags/<slug>/numbers")
def tag_numbers(slug: str) -> Response:
    """Show what is counted anew of a tag: offices, acceptance, promises, and months."""
    rate = "implementation_rate_broad"
    return page(
        "public/tag_numbers.html",
        progress=ask("getTagProgress", {"slug": slug}, months=0),
        over_time=ask("getFigure", {"figure": rate}, months=12, within=f"tag:{slug}"),
    )


@blueprint.get("/tags/<slug>/dossier")
def tag_dossier(slug: str) -> Response:
    """Show all that was asked about a tag in its own words, to be printed."""
    tag = ask("getTag", {"slug": slug})
    asked: Values = dict(filters.passed_on())
    asked.setdefault("limit", 200)
    dossier = ask("getTagDossier", {"slug": slug}, **asked)
    return page("public/dossier.html", tag=tag, dossier=dossier)


@blueprint.get("/dossier")
def search_dossier() -> Response:
    """Show what the address asks for in its own words, to be printed."""
    asked: Values = dict(filters.passed_on())
    asked.setdefault("limit", 200)
    return page("public/dossier.html", tag=None, dossier=ask("getSearchDossier", **asked))


def merged(tag: Values) -> Response:
    """Return the way on to the tag that *tag* was merged into, which says so."""
    into = tag["merged_into"]
    slug = into if isinstance(into, str) else into["slug"]
    name = say(tag["name_zh"], tag["name_en"])
    notice = say(f"标签“{name}”已并入本标签。", f"The tag “{name}” was merged into this one.")
    return done(f"/tags/{slug}", str(notice))
