"""What the intake office decides about a proposal."""

from tests.support.casework import version_of, with_paper


def decide(callers, proposal, target, who="registrar", **more):
    """Take a step of *proposal*, as it was last seen, and return the answer."""
    version = version_of(callers[who], proposal)
    return callers[who].post(f"{proposal}/transitions", {"to": target, **with_paper(more)}, version)


def state(callers, proposal):
    return callers["auditor"].get(proposal).get_json()["handling_state"]
