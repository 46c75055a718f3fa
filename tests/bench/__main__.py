"""`./run bench [NAME …]`: the benchmarks, or those named. Figures to read, never to fail a build."""

import sys

from tests.bench import gaps, pages

BENCHMARKS = {"gaps": gaps.run, "pages": pages.run}

for name in sys.argv[1:] or BENCHMARKS:
    print(BENCHMARKS[name]())
