from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.people import rules, trees, units
from service.people.files import read
from service.people.rules import Entry, Standing

HEAD = "employee id,name,e-mail,manager's id,org unit,ladder,level,start date\n"
KNOWN = {"product-manager": frozenset({"junior", "middle"}), "tpm": frozenset({"middle"})}
ANN = Entry("E-1", "Ann", "ann@x.org", "", "Product", "product-manager", "middle", date(2024, 1, 8))
BEN = Entry("E-2", "Ben", "ben@x.org", "E-1", "Product", "product-manager", "junior", date(2025, 1, 8))
STANDING = Standing(
    {"e-1": ANN, "e-2": BEN}, frozenset({"e-9"}), {"company": ("Company", ""), "product": ("Product", "company")}
)
UNKNOWN_LADDER = "There is no published ladder of this id. The ladders are: product-manager, tpm."
INVISIBLE = "There is an invisible control character in it (U+{}). Type the text anew."
ANN_ROW = "E-1,Ann,ann@x.org,,Product,product-manager,middle,2024-01-08\n"
BEN_ROW = "E-2,Ben,ben@x.org,E-1,Product,product-manager,junior,2025-01-08\n"


def _preview(*rows, standing=STANDING):
    return rules.preview(read(HEAD + "".join(rows)), standing, KNOWN)


def _problems(*rows, standing=STANDING):
    return {problem.pointer: problem.detail for problem in _preview(*rows, standing=standing).problems}


def test_the_same_file_again_changes_nothing():
    found = _preview(ANN_ROW, BEN_ROW)
    assert (found.is_empty, found.unchanged, found.left_out, found.problems) == (True, 2, (), ())


def test_other_spellings_of_ids_units_and_ladders_change_nothing():
    found = _preview(ANN_ROW, "E-2,Ben,ben@x.org,ｅ-1,company / PRODUCT,Product Manager,Junior,2025-01-08\n")
    assert (found.is_empty, found.problems) == (True, ())


def test_changes_are_told_field_by_field():
    found = _preview(ANN_ROW, "E-2,Benno,ben@x.org,,Product,product-manager,middle,2025-01-09\n")
    assert [(change.field, change.old, change.new) for change in found.changed[0].changes] == [
        ("name", "Ben", "Benno"),
        ("manager's id", "E-1", ""),
        ("level", "junior", "middle"),
        ("start date", "2025-01-08", "2025-01-09"),
    ]


def test_who_is_not_in_the_file_is_left_out_and_kept():
    found = _preview("E-3,Cat,cat@x.org,E-2,,,,\n")
    assert [entry.employee_id for entry in found.added] == ["E-3"]
    assert [entry.name for entry in found.left_out] == ["Ann", "Ben"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("row", "pointer", "words"),
    [
        (",Cat,c@x.org,,,,,", "employee_id", "The employee id is needed."),
        ("E-3,,c@x.org,,,,,", "name", "The name is needed."),
        ("E-3,Cat,,,,,,", "email", "The e-mail is needed."),
        ("E-3,Cat,cat,,,,,", "email", "Write one address, such as ann@example.org."),
        ("E-3,Cat,a@b@c,,,,,", "email", "Write one address, such as ann@example.org."),
        ("E-3,Cat,a b@x.org,,,,,", "email", "Write one address, such as ann@example.org."),
        ("E-3,Cat,c@x.org,E-7,,,,", "manager", "Nobody has this employee id, neither in this file nor in Nextrung."),
        ("E-3,Cat,c@x.org,e-3,,,,", "manager", "Nobody is their own manager; leave the cell empty at the top."),
        ("E-3,Cat,c@x.org,E-9,,,,", "manager", "The person with this id has left; name who leads now."),
        ("E-9,Cat,c@x.org,,,,,", "employee_id", "Somebody with this id has left. Whoever comes back gets a new id."),
        ("E-3,Cat,c@x.org,,,designer,middle,", "ladder", UNKNOWN_LADDER),
        ("E-3,Cat,c@x.org,,,tpm,junior,", "level", "This ladder has no such level. The levels are: middle."),
        ("E-3,Cat,c@x.org,,,tpm,,", "level", "A ladder is given, so the level is needed."),
        ("E-3,Cat,c@x.org,,,,middle,", "ladder", "A level is given, so the ladder is needed."),
        (f"E-3,{'y' * 201},c@x.org,,,,,", "name", "Keep it within 200 characters; this has 201."),
        (f"{'y' * 61},Cat,c@x.org,,,,,", "employee_id", "Keep it within 60 characters; this has 61."),
        (f"E-3,Cat,{'ﷺ' * 20}@x.org,,,,,", "email", "Keep it within 254 characters; this has 366."),
        (f"E-3,Cat,c@x.org,,A / {'y' * 201} / B,,,", "unit", "Keep each unit's name within 200 characters."),
        ("E-3,C\x07at,c@x.org,,,,,", "name", INVISIBLE.format("0007")),
        ("E-3,C\u202eat,c@x.org,,,,,", "name", INVISIBLE.format("202E")),
        ('E-3,"C\nat",c@x.org,,,,,', "name", INVISIBLE.format("000A")),
    ],
)  # fmt: skip
def test_what_a_row_must_not_hold(row, pointer, words):
    assert _problems(ANN_ROW, row) == {f"/rows/3/{pointer}": words}


@pytest.mark.parametrize(
    "text",
    [
        "21.11.2026",
        "21/11/2026",
        "11/21/2026",
        "2026-11-31",
        "2026-1-2",
        "20261121",
        "0026-01-02",
        "٢٠٢٦-١١-٢١",
        "x",
        "45982",
    ],
)
def test_dates_that_can_be_read_two_ways_or_not_at_all(text):
    assert list(_problems(f"E-3,Cat,c@x.org,,,,,{text}")) == ["/rows/2/started_on"]


def test_every_problem_is_told_at_once_in_the_order_of_the_rows():
    rows = [f"E-{number},,,,,,,x\n" for number in range(20, 31)]
    pointers = [problem.pointer for problem in _preview(*rows).problems]
    assert pointers == [f"/rows/{n}/{field}" for n in range(2, 13) for field in ("email", "name", "started_on")]


def test_ids_and_addresses_stand_once_whatever_their_spelling():
    told = _problems("E-3,Cat,cat@x.org,,,,,\n", "ｅ-3,Cat,CAT@x.org,,,,,\n")
    assert told == {
        "/rows/3/employee_id": "This employee id is in row 2 too; each person has their own.",
        "/rows/3/email": "This e-mail is in row 2 too; each person has their own.",
    }


def test_an_address_of_somebody_the_file_leaves_out_is_taken():
    told = _problems("E-3,Cat,Ann@X.org,,,,,\n")
    assert told == {
        "/rows/2/email": "This e-mail is that of Ann (E-1), who is not in this file; each person has their own."
    }


def test_two_people_may_swap_addresses():
    found = _preview(ANN_ROW.replace("ann@", "ben@"), BEN_ROW.replace("ben@", "ann@"))
    assert (len(found.changed), found.problems) == (2, ())


def test_a_circle_within_the_file_is_told_in_each_of_its_rows():
    told = _problems("A,A,a@y.org,C,,,,\n", "B,B,b@y.org,A,,,,\n", "C,C,c@y.org,B,,,,\n", "D,D,d@y.org,A,,,,\n")
    assert told == {
        "/rows/2/manager": "The reporting line runs in a circle: A → C → B → A.",
        "/rows/3/manager": "The reporting line runs in a circle: B → A → C → B.",
        "/rows/4/manager": "The reporting line runs in a circle: C → B → A → C.",
    }


def test_a_circle_that_closes_in_the_database_is_found():
    assert _problems(ANN_ROW.replace("org,,", "org,E-2,")) == {
        "/rows/2/manager": "The reporting line runs in a circle: E-1 → E-2 → E-1."
    }


def test_a_ladder_that_was_retired_stays_right_for_whom_the_database_has_on_it():
    found = rules.preview(read(HEAD + ANN_ROW + BEN_ROW), STANDING, {})
    assert (found.is_empty, found.problems) == (True, ())


@pytest.mark.parametrize("left_out", ["manager's id", "org unit", "ladder", "level", "start date"])
def test_a_column_left_out_leaves_what_is_there(left_out):
    place = HEAD.strip().split(",").index(left_out)
    rows = [line.split(",") for line in (HEAD.strip(), ANN_ROW.strip(), BEN_ROW.strip())]
    text = "\n".join(",".join([*row[:place], *row[place + 1 :]]) for row in rows)
    found = rules.preview(read(text), STANDING, KNOWN)
    assert (found.is_empty, found.unchanged, found.problems) == (True, 2, ())


def test_without_the_managers_column_a_manager_who_left_hinders_nobody():
    people = {"e-2": replace(BEN, manager="E-9")}
    found = rules.preview(read("id,name,e-mail\nE-2,Benno,ben@x.org\n"), replace(STANDING, people=people), KNOWN)
    assert ([change.field for change in found.changed[0].changes], found.problems) == (["name"], ())


def test_what_is_emptied_and_which_units_are_new_asks_for_attention():
    found = _preview(
        "E-1,Ann,ann@x.org,,Legal,product-manager,middle,\n", "E-2,Ben,ben@x.org,,Product,product-manager,junior,\n"
    )
    assert found.attention == (
        "2 people lose their start date: Ann, Ben.",
        "1 person loses their manager: Ben.",
        "An org unit is new: Legal. Look at the spelling where it should be there already.",
    )
    assert _preview("E-3,Cat,c@x.org,,,,,\n").attention == ()


def test_a_partner_is_not_told_who_has_left():
    def told(row):
        found = rules.preview(read(HEAD + row), STANDING, KNOWN, frozenset({"product"}))
        return [problem.detail for problem in found.problems]

    assert told("E-3,Cat,c@x.org,E-9,Product,,,\n") == told("E-3,Cat,c@x.org,E-8,Product,,,\n") != []
    elsewhere = replace(STANDING, people={"e-9": replace(BEN, employee_id="E-9", unit="Company")}, left=frozenset())
    same = rules.preview(read(HEAD + "E-9,Cat,c@x.org,,Product,,,\n"), elsewhere, KNOWN, frozenset({"product"}))
    assert told("E-9,Cat,c@x.org,,Product,,,\n") == [problem.detail for problem in same.problems] != []


def test_new_and_moved_units_are_told():
    found = _preview("E-3,Cat,c@x.org,,Group / Company / Design,,,\n")
    assert [(unit.name, unit.old, unit.new) for unit in found.units] == [
        ("Company", "", "Group"),
        ("Group", None, ""),
        ("Design", None, "Company"),
    ]


def test_a_slash_without_spaces_belongs_to_the_name():
    assert units.split_path("R&D/IT / Tools") == ("R&D/IT", "Tools")


def test_a_unit_has_one_place():
    told = _problems("E-3,Cat,c@x.org,,A / Sales,,,\n", "E-4,Dan,d@x.org,,B / sales,,,\n")
    assert told == {"/rows/3/unit": "“sales” stands under “A” in a row above; each unit has one place."}


def test_units_do_not_stand_in_a_circle():
    told = _problems("E-3,Cat,c@x.org,,Product / Company,,,\n")
    assert told == {
        "/rows/2/unit": "These units would stand above each other in a circle: Company → Product → Company."
    }


@given(st.dictionaries(st.integers(0, 12).map(str), st.integers(0, 14).map(str)))
def test_circles_are_found_where_walking_up_comes_back(above):
    def comes_back(start):
        here = above.get(start)
        for _ in range(len(above)):
            if here == start:
                return True
            here = above.get(here)
        return False

    found = trees.cycles(above)
    assert {name for circle in found for name in circle} == {name for name in above if comes_back(name)}
    assert sum(len(circle) for circle in found) == len({name for circle in found for name in circle})


@given(st.permutations([ANN_ROW, BEN_ROW, "E-3,Cat,c@x.org,E-2,New,tpm,middle,2026-01-02\n"]))
def test_the_order_of_rows_never_matters(rows):
    found = _preview(*rows)
    assert (len(found.added), found.unchanged, found.problems) == (1, 2, ())


def test_the_address_that_counts_has_no_case_width_or_composition():
    assert rules.email_key(" ＡＮＮ@Example.ORG ") == rules.email_key("ann@example.org")
    assert rules.email_key("Zoe\u0308@x.org") == rules.email_key("zo\u00eb@x.org")
