"""A plan leaves as a file and comes in elsewhere without losing a word; it is agreed on anew there."""

import json

import pytest
from pydantic import ValidationError
from sqlalchemy.orm import Session

from service.audit.queries import verify
from service.db import Database
from service.drafts.actions import remove_key_result
from service.errors import Conflict, Invalid
from service.exchange import actions as exchange
from service.exchange import files
from service.exchange.inputs import PlanFile
from service.exchange.queries import get_file
from service.ladders.yamlwriting import to_yaml
from service.permissions import Scope
from service.plans import actions
from service.plans.rules import PlanStatus
from service.plans.text import canonical, hash_of
from service.revisions.actions import begin_change
from service.revisions.inputs import ChangeInput
from service.revisions.queries import get_revision
from tests.cast import Cast
from tests.checkins.running import check_in, close, day, results, running_plan, said, take_out
from tests.conftest import Bearer, SignIn
from tests.plans.drafts import agree, complete_plan, objective, promotion_plan


def file_of(session: Session, cast: Cast, plan) -> dict:  # type: ignore[no-untyped-def,type-arg]
    return get_file(session, cast.actor(cast.ben), plan.id)[1]


def read(data, ending="yaml") -> PlanFile:  # type: ignore[no-untyped-def]
    text = to_yaml(data) if ending == "yaml" else files.to_json(data)
    reading = files.read(f"plan.{ending}", text.encode())
    assert reading.problems == ()
    assert reading.plan is not None
    return reading.plan


def from_elsewhere(history: list[dict[str, object]]) -> list[dict[str, object]]:
    return [entry | {"elsewhere": True} for entry in history]


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_a_draft_comes_back_as_it_went(session: Session, cast: Cast, ending: str) -> None:
    plan, ben = complete_plan(session, cast), cast.actor(cast.ben)
    went = file_of(session, cast, plan)
    actions.discard_plan(session, ben, plan.id, plan.version)
    session.commit()

    back = exchange.import_plan(session, ben, read(went, ending))
    session.commit()
    assert file_of(session, cast, back) == went
    assert back.status == PlanStatus.DRAFT
    assert back.assessor_id == cast.ann.id


def test_what_was_agreed_elsewhere_is_history_and_no_agreement_here(session: Session, cast: Cast) -> None:
    went = file_of(session, cast, agree(session, cast, complete_plan(session, cast)))
    assert [told["revision"] for told in went["history"]] == [1]

    back = exchange.import_plan(session, cast.actor(cast.ben), read(went))
    session.commit()
    assert (back.status, back.revisions, back.person_signature) == (PlanStatus.DRAFT, [], None)
    again = file_of(session, cast, back)
    assert again["history"] == from_elsewhere(went["history"])
    ids = [objective["id"] for objective in went["objectives"]]
    assert ids != [objective["id"] for objective in again["objectives"]], "they are taken here"
    agree(session, cast, back)
    both = file_of(session, cast, back)["history"]
    assert [(told["revision"], told.get("elsewhere", False)) for told in both] == [(1, True), (1, False)]
    assert both[:1] == again["history"]
    assert verify(session) is None or verify(session).holds  # type: ignore[union-attr]


def test_a_file_of_the_same_draft_is_here_already(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    with pytest.raises(Conflict, match="already"):
        exchange.import_plan(session, cast.actor(cast.ben), read(file_of(session, cast, plan)))


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"person": "E-eli"}, "/person"),
        ({"person": "nobody"}, "/person"),
        ({"ladder": {"id": "product-manager", "version": "1999.1"}}, "/ladder"),
        ({"ladder": {"id": "product-manager", "version": "2026.1", "sha256": "0" * 64}}, "/ladder/sha256"),
        ({"target": "king"}, "/target"),
        ({"chosen": ["okr", "magic"]}, "/chosen/1"),
    ],
)
def test_what_does_not_fit_here_is_named(session: Session, cast: Cast, change, pointer) -> None:  # type: ignore[no-untyped-def]
    plan = promotion_plan(session, cast)
    data = file_of(session, cast, plan) | change
    with pytest.raises(Invalid) as found:
        exchange.import_plan(session, cast.actor(cast.ben), read(data))
    assert [problem.pointer for problem in found.value.problems] == [pointer]


def test_a_stranger_brings_nothing_in_and_learns_nothing(session: Session, cast: Cast) -> None:
    data = file_of(session, cast, promotion_plan(session, cast))
    told = set()
    for person in ("E-ben", "E-nobody"):
        with pytest.raises(Invalid) as found:
            exchange.import_plan(session, cast.actor(cast.eli), read(data | {"person": person}))
        told.add(str(found.value.problems))
    assert len(told) == 1


def test_over_the_api(session: Session, cast: Cast, bearer: Bearer, database: Database) -> None:
    plan = complete_plan(session, cast)
    client = bearer(cast.ben, Scope.WRITE)
    went = client.get(f"/api/v1/plans/{plan.id}/file.json")
    assert went.headers["content-disposition"] == 'attachment; filename="growth-plan-E-ben.json"'
    as_yaml = client.get(f"/api/v1/plans/{plan.id}/file.yaml")
    assert files.read("", as_yaml.content).plan == PlanFile.model_validate(went.json())
    assert client.get(f"/api/v1/plans/{plan.id}/plan.exe").status_code in (404, 422)

    actions.discard_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()
    came = client.post("/api/v1/plans/imports", json=went.json())
    assert came.status_code == 201
    again = client.get(f"{came.headers['location']}/file.json")
    assert again.json() == went.json()


def test_over_the_pages(session: Session, cast: Cast, sign_in: SignIn) -> None:
    plan, browser = complete_plan(session, cast), sign_in(cast.ben)
    text = to_yaml(file_of(session, cast, plan))
    actions.discard_plan(session, cast.actor(cast.ben), plan.id, plan.version)
    session.commit()
    refused = browser.post("/plans/import", data={"text": text.replace("horizon: 30", "horizon: 31")})
    assert refused.status_code == 422
    assert "cannot be" in refused.text
    assert "horizon: 31" in refused.text, "what was pasted stands again"
    mistyped = browser.post("/plans/import", data={"text": text.replace("horizon:", "horizn:", 1)})
    assert "did you mean &#39;horizon&#39;?" in mistyped.text
    assert "?." not in mistyped.text
    came = browser.post("/plans/import", files={"file": ("plan.yaml", text.encode())})
    assert came.status_code == 303
    assert objective(plan).title in browser.get(came.headers["location"]).text


def test_a_reader_takes_the_agreed_text_along(session: Session, cast: Cast) -> None:
    plan = agree(session, cast, complete_plan(session, cast))
    name, data = get_file(session, cast.actor(cast.dee), plan.id)
    assert name == "growth-plan-E-ben"
    revision = get_revision(session, cast.actor(cast.dee), plan.id, 1)
    assert data["history"][0]["data"] == json.loads(revision.data)


def test_how_it_went_and_ended_goes_along_for_those_who_may_read_it(session: Session, cast: Cast) -> None:
    plan = running_plan(session, cast)
    check_in(session, cast, plan, 7, said("50.25", note="Up"))
    close(session, cast, plan, 80)
    with day(80):
        ben = cast.actor(cast.ben)
        _, own = get_file(session, ben, plan.id)
        _, hr = get_file(session, cast.actor(cast.dee), plan.id)
    revision, check_ins, closing = own["history"]
    (told,) = check_ins["check_ins"][str(results(plan)[0])]
    assert (revision["revision"], told["value"], told["note"]) == (1, "50.25", "Up")
    assert closing["closing"]["reflection"]["learned"] == "Ask first."
    assert ("Up" in str(hr), "Ask first." in str(hr), len(hr["history"])) == (False, False, 2)

    back = exchange.import_plan(session, ben, read(own))
    session.commit()
    assert file_of(session, cast, back)["history"] == from_elsewhere(own["history"])


def test_history_from_elsewhere_stays_marked_over_further_ways(session: Session, cast: Cast) -> None:
    ben, went = cast.actor(cast.ben), file_of(session, cast, agree(session, cast, complete_plan(session, cast)))
    ways = [went["history"]]
    for _ in range(2):
        back = exchange.import_plan(session, ben, read(went))
        session.commit()
        went = file_of(session, cast, back)
        ways.append(went["history"])
        actions.discard_plan(session, ben, back.id, back.version)
        session.commit()
    assert ways[1] == ways[2] == from_elsewhere(ways[0])
    assert "elsewhere" not in ways[0][0]


def test_no_file_can_say_that_its_history_is_from_here(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    plan.history = [{"revision": 1, "elsewhere": False}]
    session.commit()
    assert file_of(session, cast, plan)["history"] == [{"revision": 1, "elsewhere": True}]


def test_check_ins_of_what_was_taken_out_go_along(session: Session, cast: Cast) -> None:
    plan = running_plan(session, cast)
    gone = results(plan)[2]
    check_in(session, cast, plan, 7, said(44), said(45), said("46.5"))
    take_out(session, cast, plan, gone)
    told = next(entry["check_ins"] for entry in file_of(session, cast, plan)["history"] if "check_ins" in entry)
    assert told[str(gone)][0]["value"] == "46.5"
    assert len(told) == 3


def test_what_was_brought_along_is_not_hr_s_to_read(session: Session, cast: Cast) -> None:
    plan = complete_plan(session, cast)
    plan.history = [{"check_ins": "SECRET"}]
    session.commit()
    agree(session, cast, plan)
    told = {
        name: str(get_file(session, cast.actor(getattr(cast, name)), plan.id)[1])
        for name in ("ben", "max", "dee", "pia")
    }
    assert {name for name, text in told.items() if "SECRET" in text} == {"ben", "max"}


DEEP: list[object] = [[]]
for _ in range(30):
    DEEP = [DEEP]


@pytest.mark.parametrize(
    "history", [[{"a": 1e400}], [{"a": "\0"}], [{"\0": 1}], [{"a": "\ud800"}], [{"a": DEEP}], [{"a": "x" * 300_000}]]
)
def test_a_history_that_could_not_be_kept_is_refused(history) -> None:  # type: ignore[no-untyped-def]
    plain = {"format": "nextrung-plan/1", "title": "Next", "start_on": "2026-11-02", "history": history}
    with pytest.raises(ValidationError, match="leave it out"):
        PlanFile.model_validate(plain)


def test_a_hash_fits_its_data_after_the_way(session: Session, cast: Cast) -> None:
    went = read(file_of(session, cast, agree(session, cast, complete_plan(session, cast))))
    (told,) = went.history
    assert hash_of(canonical(told["data"])) == told["sha256"]


def test_an_id_of_an_agreed_text_is_not_taken(session: Session, cast: Cast) -> None:
    plan, ben = agree(session, cast, complete_plan(session, cast)), cast.actor(cast.ben)
    went = file_of(session, cast, plan)
    begin_change(session, ben, plan.id, ChangeInput(reason="Less", version=plan.version))
    gone = plan.objectives[0].key_results[0].id
    remove_key_result(session, ben, plan.id, gone, plan.version)
    session.commit()
    back = exchange.import_plan(session, ben, read(went))
    session.commit()
    assert gone not in [result.id for objective in back.objectives for result in objective.key_results]


def test_an_id_stands_in_a_file_once(session: Session, cast: Cast) -> None:
    data = file_of(session, cast, complete_plan(session, cast))
    data["objectives"] *= 2
    reading = files.read("plan.yaml", to_yaml(data).encode())
    assert [problem.kind for problem in reading.problems] == ["unfit"]


def test_a_file_that_comes_twice_is_one_draft_also_where_its_ids_are_taken(session: Session, cast: Cast) -> None:
    ben, went = cast.actor(cast.ben), file_of(session, cast, agree(session, cast, complete_plan(session, cast)))
    bare = json.loads(json.dumps(went)) | {"title": "Without ids"}
    for objective_ in bare["objectives"]:
        del objective_["id"]
    for data in (went, bare):
        exchange.import_plan(session, ben, read(data))
        session.commit()
        with pytest.raises(Conflict, match="this file is here"):
            exchange.import_plan(session, ben, read(data))
    exchange.import_plan(session, ben, read(went | {"title": "Another"}))


@pytest.mark.parametrize("odd", ["a\0b", "a\x1bb"])
def test_odd_characters_in_lists_are_refused_before_they_meet_the_database(
    session: Session, cast: Cast, sign_in: SignIn, odd: str
) -> None:
    complete_plan(session, cast)
    plain = {"format": "nextrung-plan/1", "title": "Next", "start_on": "2026-11-02", "person": "E-ben"}
    told = plain | {"objectives": [{"title": "Learn", "horizon": 30, "projects": ["fine", odd]}]}
    answer = sign_in(cast.ben).post("/api/v1/plans/imports", json=told)
    assert answer.status_code == 422
    assert [it["pointer"] for it in answer.json()["errors"]] == ["/objectives/0/projects"]
