"""`import stswidgets` is lazy: it opens nothing, loads no heavy package and takes little time.

Time is compared with the interpreter's own start in the same run, each at its best of several, so that a busy machine
does not decide.
"""

from __future__ import annotations

import subprocess
import sys
import time

HEAVY = (
    "IPython",
    "aiohttp",
    "anywidget",
    "ipywidgets",
    "kubernetes",
    "msgspec",
    "pandas",
    "plotly",
    "ruamel",
    "voila",
)
MOST_SECONDS = 0.1
ROUNDS = 7


def loaded() -> set[str]:
    """The top-level packages in sys.modules after the import."""
    ask = "import sys, stswidgets; print(*{name.partition('.')[0] for name in sys.modules})"
    return set(subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True).stdout.split())


def best_seconds(statement: str) -> float:
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> int:
    if heavy := loaded().intersection(HEAVY):
        print(f"import stswidgets loads {', '.join(sorted(heavy))}", file=sys.stderr)
        return 1
    extra = best_seconds("import stswidgets") - best_seconds("pass")
    print(f"import stswidgets takes {extra * 1000:.0f} ms beyond its interpreter (at most {MOST_SECONDS * 1000:.0f})")
    return 0 if extra < MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
