"""What five requests pass through: `python -m tools.trace` counts the files and functions of each.

The requests are those of the contract's story. A file or function of app/ counts once a request,
however often it is entered; the envelope are the files of app/http.
"""

import sys
from pathlib import Path

from tools import contract

APP = str(Path(__file__).resolve().parents[1] / "app")
ENVELOPE = f"{APP}/http/"

WAS = {
    "editRecommendation": (33, 113),
    "moveRecommendation": (37, 137),
    "dispatchProposal": (44, 192),
    "moveReply": (47, 201),
    "listRecommendations": ("-", "-"),
}
"""Operation → files and functions, as someone counted who read the project to take it over."""


class Trace:
    """The functions of the program that were entered."""

    def __init__(self):
        self.entered = set()

    def __call__(self, frame, event, argument):
        """Note a function of the program that is entered."""
        if event == "call" and frame.f_code.co_filename.startswith(APP):
            self.entered.add((frame.f_code.co_filename, frame.f_code.co_qualname))

    @property
    def files(self):
        """The files that they stand in."""
        return {file for file, _ in self.entered}


def traced():
    """Play the story of the contract, and return the trace of each operation in WAS."""
    found, play = {}, contract.play

    def watched(client, keys, call):
        if call.operation not in WAS:
            return play(client, keys, call)
        found[call.operation] = trace = Trace()
        sys.setprofile(trace)
        try:
            return play(client, keys, call)
        finally:
            sys.setprofile(None)

    contract.play = watched
    contract.examples()
    return found


def main():
    """Print the table; with the name of an operation, the files that it passes as well."""
    found = traced()
    print(f"{'':<22}{'files':>8}{'envelope':>10}{'functions':>11}{'was: files, functions':>24}")
    for name, trace in found.items():
        envelope = [file for file in trace.files if file.startswith(ENVELOPE)]
        was = ", ".join(map(str, WAS[name]))
        counts = f"{len(trace.files):>8}{len(envelope):>10}{len(trace.entered):>11}"
        print(f"{name:<22}{counts}{was:>24}")
    for name in sys.argv[1:]:
        print(f"\n{name}")
        for file in sorted(found[name].files):
            print(f"  {file.removeprefix(APP)[1:]}")


if __name__ == "__main__":
    main()
