"""`python -m reports growth-plan < data.json > plan.pdf`: one document within hard limits, else one line on stderr.

`python -m reports worker` is the warm process behind `reports.child.Renderer`.
"""

import sys

from reports.errors import ReportError
from reports.limits import MAX_INPUT, limit

USAGE = "usage: python -m reports growth-plan < data.json > plan.pdf"


def main(arguments: list[str]) -> int:
    if arguments not in (["growth-plan"], ["worker"]):
        return _say(USAGE, code=2)
    if arguments == ["growth-plan"]:
        limit()
    from reports import worker  # heavy, so under the limits

    if arguments == ["worker"]:
        worker.serve(sys.stdin.buffer, sys.stdout.buffer)
        return 0
    try:
        pdf = worker.make("growth-plan", sys.stdin.buffer.read(MAX_INPUT + 1))
    except ReportError as error:
        return _say(str(error))
    sys.stdout.buffer.write(pdf)
    return 0


def _say(line: str, code: int = 1) -> int:
    print(line, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
