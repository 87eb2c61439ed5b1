"""Areas that the folders of the program are to become, and the imports that still point up.

`python -m tools.areas` prints each import of a lower area from a higher one. A file of a layer
stands in exactly one area; models may be read by all, so imports of them do not count. Once every
file has moved, tests/test_architecture.py says the same of the folders, and this goes.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

APP = Path(__file__).resolve().parents[1] / "app"

AREAS = {
    "core": """
        schemas/references
        rules/groups
        config database engines errors failures logs migrating queries/filters queries/paging
        rules/permissions rules/sizes rules/vocabularies rules/workflow schemas/clocks
        schemas/dump schemas/fields schemas/paging schemas/problems services/steps
        services/permissions
        storage
    """,
    "audit": """
        rules/stories rules/assignment_stories rules/promise_stories rules/proposal_stories
        rules/reply_stories
        queries/events
        schemas/histories
        signing
        rules/sentences
        anchors api/audit checkpointing models/events models/trust outside queries/audit
        queries/covered queries/former_columns queries/former_state queries/proof queries/schema
        queries/state queries/witnesses rules/chain rules/texts schemas/audit services/attempts
        services/checkpoints services/covering services/events services/restoring services/seals
    """,
    "accounts": """
        queries/visibility
        rules/access
        api/accounts api/approvals api/keys models/principals queries/approvals
        queries/exchanges queries/principals rules/accounts rules/keys schemas/accounts
        schemas/approvals services/accounts services/approvals services/approved
        services/exchanges services/keys services/principals
    """,
    "deadlines": """
        api/deadlines models/rulebook queries/papers rules/calendars rules/deadlines
        rules/explanations rules/limits rules/rulebook schemas/deadlines
    """,
    "tasks": """
        rules/offices queries/offices queries/due_days services/clocks
        queries/worklist_counts rules/clocks rules/reminders rules/tasks services/notices
        services/tasks
    """,
    "register": """
        queries/history queries/handling_visibility queries/moments queries/proposers
        queries/proposals services/reopening
        api/details api/files api/offices api/recommendations api/records api/resolving
        api/tagging api/tags models/documents models/files models/organizations models/proposals
        models/recommendations models/seed_records models/tags queries/clocks queries/columns
        queries/desks queries/evidence queries/files queries/folding
        queries/followers queries/names queries/office_pages
        queries/parts queries/persons queries/recommendations queries/records queries/reporting
        queries/tags queries/verification queries/vocabulary rules/archives
        rules/documents rules/files rules/macros rules/passages rules/pictures
        rules/tags schemas/files schemas/offices schemas/recommendations schemas/records
        schemas/reports schemas/tags services/assignments
        services/counts services/due_dates services/files services/followers services/lineage
        services/look_backs services/offices services/recommendation_permissions services/persons
        services/recommendations services/reports services/tags
    """,
    "handling": """
        rules/settling
        services/assignment_permissions
        api/assignment_details api/assignments api/commitments api/handling api/proposals
        api/replies api/supervision api/worklists models/commitments models/handling
        models/replies models/supervision queries/assignments queries/commitments
        queries/handling queries/pasts queries/replies queries/supervision
        queries/worklists rules/commitments rules/filing rules/handling rules/replies
        schemas/assignments schemas/commitments schemas/handling schemas/proposals
        schemas/replies schemas/supervision schemas/worklists services/adoption
        services/agreement services/calendars services/cases services/commitments
        services/cosigning services/countersigning services/dispatch services/drafts
        services/extensions services/filing services/following services/handling services/pauses
        services/promising services/proposals services/ratings services/remarks
        services/reminders services/replies services/sending services/supervision
    """,
    "history": """
        api/erasures api/histories queries/histories queries/telling queries/written
        rules/readers
        services/erasing
    """,
    "http": """
        api/answers api/attempts api/blueprints api/docs api/draining api/errors api/general
        api/guards api/limits api/openapi api/operations api/paging api/receipts api/replays
        api/requests api/security_log api/signing_in api/tokens api/uploads readiness
        services/replays
    """,
}
"""The modules of each area, from the lowest to the highest; `http` stands between all services and
all of `api`."""

ABOVE = ("__init__", "hooks", "wiring", "seeding", "commands")
"""What may import everything."""

AREA_OF = {module: area for area, modules in AREAS.items() for module in modules.split()}
ORDER = [area for area in AREAS if area != "http"]


def modules() -> Iterator[str]:
    """Yield every module of the program that stands in an area, as its path without the suffix."""
    for path in sorted(APP.rglob("*.py")):
        name = str(path.relative_to(APP).with_suffix(""))
        if not name.startswith(ABOVE) and not name.endswith("__init__"):
            yield name


def imports(module: str) -> Iterator[str]:
    """Yield the modules of areas that *module* imports."""
    for node in ast.walk(ast.parse((APP / f"{module}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app"):
            base = str(node.module).removeprefix("app").removeprefix(".").replace(".", "/")
            for alias in node.names:
                names = f"{base}/{alias.name}".removeprefix("/"), base
                yield from [name for name in names if name in AREA_OF][:1]


def layer(module: str) -> str:
    """Return the layer of a module, or its own name where it stands in none."""
    return module.split("/")[0]


def points_up(module: str, other: str) -> bool:
    """Return whether *module* imports *other* against the order of the areas."""
    if "models" in (layer(module), layer(other)):
        return False
    own, its = AREA_OF[module], AREA_OF[other]
    if own == "http":
        return its != "http" and layer(other) == "api"
    if its == "http":
        return layer(module) != "api"
    return ORDER.index(its) > ORDER.index(own)


def main() -> None:
    """Print what has no area yet, and what points up."""
    known = list(modules())
    for name in sorted(set(known) ^ AREA_OF.keys()):
        print(f"{name}: in no area, or gone")
    every = [(m, other) for m in known if m in AREA_OF for other in imports(m)]
    wrong = [pair for pair in every if points_up(*pair)]
    for module, other in wrong:
        print(f"{AREA_OF[module]:>10} > {AREA_OF[other]:<10} {module} imports {other}")
    print(
        f"{len(wrong)} of {len(every)} point up; files by area: {dict(Counter(AREA_OF.values()))}"
    )


if __name__ == "__main__":
    main()
