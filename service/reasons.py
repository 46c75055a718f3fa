"""Why somebody sees a thing, in words, out of the rule itself: a page cannot give another reason than the one that let them in."""

from typing import Any

from service import permissions
from service.permissions import GRANTS, Actor, Permission, Predicate, proofs

WORDS: dict[Predicate, str] = {
    permissions.own: "it is about you",
    permissions.manager: "you are their manager",
    permissions.above: "you are above them in the reporting line",
    permissions.assessor: "you assess them",
    permissions.rater: "you wrote it",
    permissions.signer: "you signed what is agreed in it, and neither the plan nor its cycle is closed",
    permissions.hr: "you are HR, and this is neither your own case nor that of a manager of yours",
    permissions.partner: "you are HR partner of {unit}, and this is neither your own case nor that of a manager of yours",
    permissions.hr_office: "you are HR",
    permissions.unit_office: "you are HR partner of {unit}",
    permissions.partner_office: "you are an HR partner",
    permissions.guest: "you are invited to comment on it",
    permissions.colleague: "you work here, and objectives of the company and its units are open to all",
    permissions.revealed: "both sides have submitted",
    permissions.shared: "the manager’s view has been shared",
    permissions.agreed: "both sides have signed the plan",
}
"""What is not here, such as that an assessment is the current one, goes without saying."""


def why(actor: Actor, permission: Permission, thing: Any, unit: str = "") -> tuple[str, ...]:
    """One sentence for each way in which the actor holds `permission` on `thing`; `unit` names the person's org unit."""
    sentences = []
    for proof in proofs(GRANTS[permission], actor, thing):
        text = ", and ".join(WORDS[part].format(unit=unit or "their unit") for part in proof if part in WORDS)
        sentences.append(f"{text[:1].upper()}{text[1:]}.")
    return tuple(dict.fromkeys(sentences))
