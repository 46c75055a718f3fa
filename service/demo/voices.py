"""Who speaks like what at Larkfield: the comments and evidence of a job family, by the category of a skill."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.demo import words
from service.reviews.rules import Side


@dataclass(frozen=True, slots=True)
class Voice:
    comments: Mapping[Side, Mapping[str, tuple[str, ...]]]
    evidence: Mapping[str, tuple[str, ...]]


ENGINEERS = Voice(
    comments={
        Side.SELF: {
            "engineering-craft": (
                "The import module has tests for its error cases now, and two colleagues have changed it without asking me.",
                "My changes are still large; the last one took three rounds, and I would split it today.",
            ),
            "technology": (
                "I designed the retry rule for webhooks and tried it with the billing service switched off.",
                "I read our traces with ease; choosing targets for a service is still new to me.",
            ),
            "delivery-and-requirements": (
                "The first slice of the export was in use after two weeks and made the second one smaller.",
                "My estimates were too narrow twice this year; I give ranges now.",
            ),
            "discovery-and-customers": (
                "I sat in on four support calls, and the error message they all asked about is gone.",
                "I know our two largest tenants and could not yet say what a small one needs.",
            ),
            "data-and-experiments": (
                "The events of the export were there on the day of release, with a test for each.",
            ),
            "goals-and-strategy": (
                "I stopped the cache work when its key result did not move, and wrote down why.",
                "I can say what my tasks are for; proposing a measure myself is the next step.",
            ),
            "communication-and-influence": (
                "Both teams use the same error format since my trial in March.",
                "I still explain the cause first when people ask for the effect.",
            ),
            "judgement-and-growth": (
                "Our newcomer released a first change in week two; we paired on it until I was not needed.",
                "I told the team about my rollback before anybody asked, with the check that would have caught it.",
            ),
        },
        Side.MANAGER: {
            "engineering-craft": (
                "Took the part of the code that we all avoided and left it with tests and half the branches.",
                "Finds faults quickly; notes along the way would let others learn from it.",
            ),
            "technology": (
                "The design note had the failure of each dependency in it, and one of them came true in June.",
                "Builds solid interfaces; asking a caller before building would save the second version.",
            ),
            "delivery-and-requirements": (
                "Restored the service by the switch first and found the cause after lunch, as it should be.",
                "Finishes features; the switches of two of them are still there.",
            ),
            "discovery-and-customers": (
                "Brought the workaround of a customer into planning, and it changed the order of work.",
                "Knows the system better than the people who use it; I suggest a day with support.",
            ),
            "data-and-experiments": ("Noticed doubled events before anybody decided by them.",),
            "goals-and-strategy": (
                "Worded the upgrade by what it changes for tenants, and product put it first.",
                "Decides fast and soundly; a short record would help those who come later.",
            ),
            "communication-and-influence": (
                "The two pages on the queue led to a decision in one meeting.",
                "Convincing in writing; in the room the quiet ones are not heard yet.",
            ),
            "judgement-and-growth": (
                "Handed the deployment over to a colleague and stayed in the background when it shook.",
                "Learns new tools with care; I would like to see it shared more often.",
            ),
        },
    },
    evidence={
        "engineering-craft": ("Fourteen merged changes that took the import apart, with no repair afterwards.",),
        "technology": ("Design note on webhooks: two options, failure of each dependency, and the load test.",),
        "delivery-and-requirements": ("Review of the incident of 4 June, with its five actions, all of them done.",),
        "discovery-and-customers": ("Notes of four support calls, and the change of the error message.",),
        "data-and-experiments": ("Tests of the export's events, and the first look at its use on the day of release.",),
        "goals-and-strategy": ("Decision record on stopping the cache, with the figures.",),
        "communication-and-influence": ("Two-page paper on the queue, with the decision of the meeting.",),
        "judgement-and-growth": ("Handover plan of the deployment, and what the colleague wrote who took it over.",),
    },
)

VOICES = {
    "product": Voice({Side.SELF: words.SELF_COMMENTS, Side.MANAGER: words.MANAGER_COMMENTS}, words.EVIDENCE),
    "engineering": ENGINEERS,
}
"""By the family of a ladder."""
