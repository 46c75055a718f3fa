"""HTML doors of plan files."""

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from service.errors import Invalid, Problem
from service.exchange import actions, files
from service.exchange.inputs import PlanFile
from service.ladders.yamltext import MOST_BYTES
from service.permissions import Permission
from service.web.again import or_again, refused
from service.web.forms import Form
from service.web.pages import page, see_other
from service.web.routing import DbSession, Router, SignedIn

router = Router(pages=True)


@router.get("/plans/import", permission=Permission.WRITE_PLAN)
def show_import(request: Request) -> Response:
    """Where a plan file is chosen or pasted."""
    again = refused(request)
    return page(request, "exchange/import.html", typed=again.typed.get("text", "") if again else "")


@router.post("/plans/import", permission=Permission.WRITE_PLAN)
@or_again(show_import)
def create_import(session: DbSession, actor: SignedIn, form: Form) -> Response:
    """Make a draft out of a plan file."""
    plan = actions.import_plan(session, actor, _plan_file(form))
    session.flush()
    return see_other(f"/plans/{plan.id}", flash="The plan is here as a draft. Both of you agree on it as on any other.")


def _plan_file(form: FormData) -> PlanFile:
    """The plan of an uploaded file, or of pasted text. Raises: Invalid, with a problem for each line."""
    file, pasted = form.get("file"), form.get("text")
    content = file.file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    content = content or str(pasted or "").encode()
    if not content.strip():
        raise Invalid("There is nothing to read.", [Problem("/file", "Choose a file, or paste its text.")])
    reading = files.read("", content)
    if reading.plan is None:
        found = [Problem("", f"Line {problem.line}: {_sentence(problem.message)}") for problem in reading.problems]
        raise Invalid("The file needs another look.", found)
    return reading.plan


def _sentence(message: str) -> str:
    return message if message.endswith("?") else f"{message}."
