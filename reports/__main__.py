"""`python -m reports growth-plan < data.json > plan.pdf`: one document within hard limits, else one line on stderr.

`growth-plan-letter`, `growth-plan-summary-a4` and `growth-plan-summary-letter` are its other forms. `python -m reports schema`
prints the JSON Schema of the data.

`python -m reports worker` is the warm process behind `reports.child.Renderer`.
"""

import sys

from reports.errors import ReportError
from reports.forms import DOCUMENTS
from reports.limits import MAX_INPUT, limit

USAGE = "usage: python -m reports growth-plan < data.json > plan.pdf"


def main(arguments: list[str]) -> int:
    if arguments == ["schema"]:
        from reports import schema

        sys.stdout.write(schema.text())
        return 0
    if len(arguments) != 1 or arguments[0] not in (*DOCUMENTS, "worker"):
        return _say(USAGE, code=2)
    if arguments != ["worker"]:
        limit()
    from reports import worker  # heavy, so under the limits

    if arguments == ["worker"]:
        worker.serve(sys.stdin.buffer, sys.stdout.buffer)
        return 0
    try:
        pdf = worker.make(arguments[0], sys.stdin.buffer.read(MAX_INPUT + 1))
    except ReportError as error:
        return _say(str(error))
    sys.stdout.buffer.write(pdf)
    return 0


def _say(line: str, code: int = 1) -> int:
    print(line, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
