"""How the measures are printed."""

from collections.abc import Iterator

from benchmarks.measuring import Ratio
from benchmarks.processes import Footprint

FLAT = 1.3
"""What a million may cost beside a hundred thousand."""

MILLION = 1_000_000


def show(title: str, lines: Iterator[tuple[str, Ratio, str]]) -> None:
    """Print one table."""
    print(f"\n{title}\n{'':<48}   min median    max  target")
    for name, values, target in lines:
        print(f"{name:<48}{values}  {target}", flush=True)


def verdict(target: float, reached: bool, sign: str) -> str:
    """Return a target, and whether the median reaches it."""
    return f"{sign} {target} {'reached' if reached else 'MISSED'}"


def peer_lines(
    compared: dict[tuple[str, str], Ratio], targets: dict[tuple[str, str], float]
) -> Iterator[tuple[str, Ratio, str]]:
    """Yield how many requests the first answers while the second answers one."""
    for pair, values in compared.items():
        target = targets.get(pair)
        told = "" if target is None else verdict(target, values.median >= target, ">=")
        yield " / ".join(pair), values, told


def flat_lines(
    found: dict[str, dict[tuple[int, int], Ratio]],
) -> Iterator[tuple[str, Ratio, str]]:
    """Yield how much more each operation costs at a larger size."""
    for name, pairs in found.items():
        for (small, large), values in pairs.items():
            told = verdict(FLAT, values.median <= FLAT, "<=") if large == MILLION else ""
            yield f"{name}, {short(large)} / {short(small)}", values, told


def short(size: int) -> str:
    """Return a size in few letters."""
    return f"{size // MILLION}M" if size >= MILLION else f"{size // 1000}k"


def footprint_lines(found: Footprint | None) -> Iterator[tuple[str, Ratio, str]]:
    """Yield the time and the memory of a whole process."""
    if found is not None:
        yield "seconds to the first /livez", found.seconds, ""
        yield "master, MiB resident", found.master, ""
        yield "worker, MiB resident", found.worker, ""
        yield "worker after 200 lists, MiB resident", found.worker_warm, ""
