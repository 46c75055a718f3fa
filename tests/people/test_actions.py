import pytest
from sqlalchemy import func, select

from service.audit.models import AuditEvent
from service.errors import Forbidden, Invalid, NotFound
from service.jobs.models import Job
from service.people import actions, queries
from service.people.models import OrgUnit, Person, ReportingLine, RoleGrant
from service.permissions import SYSTEM, Role

HEAD = "employee id,name,e-mail,manager's id,org unit,ladder,level,start date\n"
KNOWN = {"product-manager": frozenset({"junior", "middle", "senior", "lead", "principal"})}
CAST = HEAD + "".join(
    f"E-{name},{name.title()},{name}@example.org,{manager},{unit},product-manager,{level},2024-01-08\n"
    for name, manager, unit, level in [
        ("max", "", "Product", "principal"), ("ann", "E-max", "Product", "lead"), ("ben", "E-ann", "Product", "middle"),
        ("cat", "E-ann", "Product", "junior"), ("dee", "E-max", "Product", "senior"), ("pia", "", "Product", "senior"),
        ("una", "", "Other", "senior"), ("eli", "E-fay", "Other", "junior"), ("fay", "", "Other", "lead"),
    ]
)  # fmt: skip


def _import(session, text, actor=SYSTEM):
    return actions.import_people(session, actor, text, KNOWN)


def _count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def _person(session, employee_id):
    return session.scalars(select(Person).where(Person.employee_id == employee_id)).one()


def test_a_file_of_what_is_there_writes_nothing(session, cast):
    before = session.execute(select(Person.__table__).order_by(Person.id)).all()
    done = _import(session, CAST)
    assert (done.is_empty, done.unchanged) == (True, 9)
    assert not session.dirty
    assert session.execute(select(Person.__table__).order_by(Person.id)).all() == before
    assert (_count(session, AuditEvent), _count(session, Job)) == (0, 0)


def test_a_first_import_builds_people_units_and_lines(session):
    text = HEAD + "2,ימית כהן,y@x.org,1,Company / Product,,,\n1,Ann,a@x.org,,Company,product-manager,lead,2026-01-02\n"
    done = _import(session, text)
    assert (len(done.added), done.problems) == (2, ())
    low, top = _person(session, "2"), _person(session, "1")
    assert (low.name, low.manager_id, low.unit.name, low.email_key) == ("ימית כהן", top.id, "Product", "y@x.org")
    assert low.unit.parent_id == top.unit_id
    assert [(line.person_id, line.manager_id, line.distance) for line in session.scalars(select(ReportingLine))] == [
        (low.id, top.id, 1)
    ]
    assert _import(session, text).is_empty
    assert list(session.scalars(select(AuditEvent.verb))) == ["people.imported"]
    assert _count(session, Job) == 0


def test_one_problem_and_nothing_is_imported(session, cast):
    with pytest.raises(Invalid) as caught:
        _import(session, HEAD + "E-new,New,new@x.org,,Fresh,,,\nE-bad,,bad@x.org,,,,,\n")
    assert [problem.pointer for problem in caught.value.problems] == ["/rows/3/name"]
    assert (_count(session, Person), _count(session, OrgUnit), _count(session, AuditEvent)) == (9, 2, 0)


def test_who_is_left_out_stays(session, cast):
    _import(session, HEAD + "E-new,New,new@x.org,E-ann,Product,,,\n")
    assert _count(session, Person) == 10
    assert cast.eli.active


def test_a_new_manager_changes_the_line_and_hands_over(session, cast):
    _import(session, CAST.replace("E-ben,Ben,ben@example.org,E-ann", "E-ben,Ben,ben@example.org,E-fay"))
    jobs = {(job.task, *job.arguments["person_ids"]) for job in session.scalars(select(Job))}
    assert jobs == {(task, str(cast.ben.id)) for task in ("hand_over_reviews", "hand_over_plans")}
    assert cast.actor(cast.ben).managers == (cast.fay.id,)
    assert cast.actor(cast.fay).has_reports


def test_a_manager_new_in_the_same_file_is_found(session, cast):
    text = (
        HEAD
        + "E-ben,Ben,ben@example.org,E-new,Product,product-manager,middle,2024-01-08\nE-new,New,new@x.org,E-max,,,,\n"
    )
    _import(session, text)
    assert cast.actor(cast.ben).managers == (_person(session, "E-new").id, cast.max.id)


def test_two_people_swap_their_addresses(session, cast):
    text = CAST.replace("ann@", "temp@").replace("ben@", "ann@").replace("temp@", "ben@")
    _import(session, text)
    assert (cast.ann.email_key, cast.ben.email_key) == ("ben@example.org", "ann@example.org")
    assert (cast.ann.name, queries.find_person(session, "ANN@example.org").id) == ("Ann", cast.ben.id)


def test_an_address_in_another_spelling_is_kept_as_written(session, cast):
    done = _import(session, CAST.replace("ann@example", "Ann@Example"))
    assert [change.field for change in done.changed[0].changes] == ["e-mail"]
    assert (cast.ann.email, cast.ann.email_key) == ("Ann@Example.org", "ann@example.org")


def test_a_moved_unit_brings_the_partner_of_the_unit_above(session, cast):
    _import(session, CAST.replace(",Other,", ",Product / Other,"))
    assert cast.fay.unit_id in cast.actor(cast.pia).units


def test_a_partner_imports_people_of_their_own_units_alone(session, cast):
    pia = cast.actor(cast.pia)
    done = _import(
        session, HEAD + "E-new,New,new@x.org,E-ann,Product,,,\nE-ben,Ben,ben@example.org,E-ann,Product,,,\n", pia
    )
    assert ([entry.name for entry in done.added], [entry.employee_id for entry in done.left_out]) == (
        ["New"],
        ["E-ann", "E-cat", "E-dee", "E-max", "E-pia"],
    )
    for rows in (
        "E-eli,Eli,eli@example.org,E-fay,Product,,,\n",
        "E-ben,Ben,ben@example.org,E-ann,Other,,,\n",
        "E-ben,Ben,ben@example.org,E-ann,,,,\n",
        "E-two,Two,two@x.org,,Brand new,,,\n",
        "E-two,Two,two@x.org,,Other / Product,,,\n",
        "E-two,Two,eli@example.org,,Product,,,\n",
    ):
        with pytest.raises(Invalid) as caught:
            _import(session, HEAD + rows, pia)
        assert len(caught.value.problems) == 1
        assert "Eli" not in caught.value.problems[0].detail


def test_hr_changes_neither_its_own_entry_nor_that_of_its_manager(session, cast):
    for own, changed in (("E-dee,Dee", "E-dee,Dee Dee"), ("E-max,Max", "E-max,Maximilian")):
        with pytest.raises(Invalid, match="would change yourself"):
            _import(session, CAST.replace(own, changed), cast.actor(cast.dee))
    assert len(_import(session, CAST.replace("E-ben,Ben", "E-ben,Benjamin"), cast.actor(cast.dee)).changed) == 1


@pytest.mark.parametrize("name", ["dee", "pia"])
def test_nobody_becomes_the_manager_of_people_here_by_their_own_import(session, cast, name):
    """A manager reads and writes drafts that HR does not."""
    row, actor = f"E-ben,Ben,ben@example.org,ｅ-{name},Product,,,\n", cast.actor(cast.everybody[name])
    with pytest.raises(Invalid) as caught:
        _import(session, HEAD + row, actor)
    words = "This would make you their manager. Somebody else in HR, or whoever runs Nextrung, brings this row in."
    assert [(problem.pointer, problem.detail) for problem in caught.value.problems] == [("/rows/2/manager", words)]
    _import(session, HEAD + row)
    assert len(_import(session, HEAD + row.replace("Ben,", "Benno,"), actor).changed) == 1  # it is so already
    assert len(_import(session, HEAD + row.replace("ben", "new"), actor).added) == 1  # on a first day there is no draft


def test_hr_and_partners_import_and_nobody_else_does(session, cast):
    for name, person in cast.everybody.items():
        if name == "pia":
            continue
        if name == "dee":
            assert _import(session, CAST, cast.actor(person)).is_empty
        else:
            with pytest.raises(Forbidden):
                _import(session, CAST, cast.actor(person))


def test_the_audit_row_names_the_file_and_the_actor(session, cast):
    _import(session, HEAD + "E-new,New,new@x.org,,,,,\n", cast.actor(cast.dee))
    row = session.scalars(select(AuditEvent)).one()
    assert (row.actor_id, row.verb, row.resource_kind, len(row.resource_id)) == (
        cast.dee.id,
        "people.imported",
        "people_file",
        64,
    )


def test_roles_are_granted_once_and_taken_back(session, cast):
    actions.grant_role(session, SYSTEM, cast.ann, Role.PARTNER, "OTHER")
    actions.grant_role(session, SYSTEM, cast.ann, Role.PARTNER, "Other")
    actor = cast.actor(cast.ann)
    assert (actor.roles, actor.units) == ({Role.PARTNER}, {cast.fay.unit_id})
    actions.revoke_role(session, SYSTEM, cast.ann, Role.PARTNER, "Other")
    assert cast.actor(cast.ann).roles == frozenset()
    assert list(session.scalars(select(AuditEvent.verb).order_by(AuditEvent.seq))) == ["role.granted", "role.revoked"]
    with pytest.raises(NotFound):
        actions.revoke_role(session, SYSTEM, cast.ann, Role.PARTNER, "Other")


@pytest.mark.parametrize(
    ("role", "unit", "error"), [(Role.PARTNER, "", Invalid), (Role.HR, "Other", Invalid), (Role.PARTNER, "x", NotFound)]
)
def test_a_role_and_its_unit_fit_together(session, cast, role, unit, error):
    with pytest.raises(error):
        actions.grant_role(session, SYSTEM, cast.ann, role, unit)
    assert _count(session, RoleGrant) == 3


def test_nobody_grants_a_role_in_the_program_not_even_hr(session, cast):
    with pytest.raises(Forbidden):
        actions.grant_role(session, cast.actor(cast.dee), cast.dee, Role.AUDITOR)
