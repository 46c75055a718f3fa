"""What people at Larkfield write: comments and evidence by the category of a skill, and objectives with key results."""

from dataclasses import dataclass

SELF_COMMENTS = {
    "goals-and-strategy": (
        "I wrote the key results for onboarding myself this time and kept them through the quarter without rewording.",
        "I know which company goal my area serves; I still need help saying no to work that serves none.",
    ),
    "discovery-and-customers": (
        "Two interviews a week became a habit, and twice they changed what we built.",
        "I hear customers mostly through support notes; I would like more first-hand talks.",
    ),
    "data-and-experiments": (
        "I set up the funnel myself and found the step where trial accounts give up.",
        "I can read an experiment, but I lean on Ingrid when the sample is small.",
    ),
    "delivery-and-requirements": (
        "The last three stories went in without a question back, and the edge cases were in them.",
        "Scope still grows on me in the second week of a sprint, though I notice it earlier than before.",
    ),
    "technology": (
        "I follow a design review without a translator now, and I ask about limits and failure first.",
        "I understand our interfaces as a user of them; how they are versioned is still new to me.",
    ),
    "communication-and-influence": (
        "My monthly note is one page, opens with the decision I need, and gets answers the same day.",
        "In a room with three directors I still wait too long before I speak.",
    ),
    "judgement-and-growth": (
        "I wrote down what I expected before the launch, so afterwards I could see where I had been wrong.",
        "I ask for feedback after each release and keep a list of what I changed because of it.",
    ),
}

MANAGER_COMMENTS = {
    "goals-and-strategy": (
        "The link from team goal to company goal was there before anybody asked for it.",
        "Goals are clear; the next step is to stop an initiative because its key result does not move.",
    ),
    "discovery-and-customers": (
        "The notes from the March interviews are the ones the whole team quotes.",
        "Finds the problem well with one customer; I look forward to seeing a pattern across ten.",
    ),
    "data-and-experiments": (
        "Stopped the pricing test early, for the right reason, and explained it to sales in two sentences.",
        "Reads dashboards daily. A hypothesis written before the test would make the readouts stronger.",
    ),
    "delivery-and-requirements": (
        "Engineering told me unprompted that planning takes half the time it took last year.",
        "Delivery is steady when the scope is known; with a moving scope, I step in about once a month.",
    ),
    "technology": (
        "Asked the question about rate limits that saved us a second release.",
        "Works well with one engineer as a guide; the architecture talks are the place to grow.",
    ),
    "communication-and-influence": (
        "Legal and sales left the same meeting with the same understanding, which is rare.",
        "Writes clearly. Speaking up earlier would bring others along sooner.",
    ),
    "judgement-and-growth": (
        "Reversed an own decision within a week when the figures came in, and told everybody why.",
        "Asks for feedback and uses it; I would like to see the harder trade-offs brought with a proposal.",
    ),
}

EVIDENCE = {
    "goals-and-strategy": ("Goals of the second quarter with baselines, agreed with the team in the first week.",),
    "discovery-and-customers": (
        "Summary of eleven customer talks on exports, with the three themes and their quotes.",
    ),
    "data-and-experiments": ("Readout of the trial reminder test: 4.1 % more activations, interval 1.0 to 7.2 %.",),
    "delivery-and-requirements": ("Story map of the permissions release; no story came back from engineering.",),
    "technology": ("Notes of the design review on webhooks, with the open question about retries and its answer.",),
    "communication-and-influence": (
        "Decision paper on the second region: one page, four options, one recommendation.",
    ),
    "judgement-and-growth": ("Look-back on the delayed launch: what I assumed, what was true, what I do otherwise.",),
}

AGREED_NOTES = (
    "We looked at the examples together and both see it like this.",
    "The last two months weigh more than the start of the year.",
    "It shows in one project, and not yet when the setting changes.",
    "The evidence speaks for it; we had remembered different projects.",
)

NOT_APPLICABLE = "The product has no mobile or hardware side, so there is nothing to show this on."


@dataclass(frozen=True, slots=True)
class Result:
    """A key result. Numbers as people write them; no `baseline` makes it a threshold."""

    title: str
    metric: str
    unit: str
    direction: str
    baseline: str | None
    target: str


@dataclass(frozen=True, slots=True)
class Aim:
    """An objective for a gap in a category of skills."""

    title: str
    why: str
    project: str
    results: tuple[Result, Result, Result]


AIMS = {
    "goals-and-strategy": Aim(
        "Everybody on the team can say which goal their work serves",
        "Half of the planned work has no key result behind it, so we argue about opinions when time gets short.",
        "A one-hour session on key results with the team",
        (
            Result("Planned work hangs on a key result", "Items linked to a key result", "%", "increase", "48", "85"),
            Result(
                "Key results have a baseline from the start",
                "Key results with a baseline",
                "%",
                "increase",
                "55",
                "100",
            ),
            Result(
                "Work that serves no goal is stopped",
                "Initiatives stopped or reshaped",
                "initiatives",
                "at-least",
                None,
                "2",
            ),
        ),
    ),
    "discovery-and-customers": Aim(
        "Decisions rest on what customers do and say this quarter",
        "Our last two releases solved problems that we had heard about a year ago.",
        "A standing invitation for five customers of the export feature",
        (
            Result("Customers are heard regularly", "Interviews held and written up", "a month", "increase", "2", "6"),
            Result("Findings reach the backlog", "Backlog items that cite an interview", "%", "increase", "20", "50"),
            Result(
                "Engineers hear customers themselves",
                "Engineers who joined an interview",
                "people",
                "increase",
                "1",
                "5",
            ),
        ),
    ),
    "data-and-experiments": Aim(
        "We learn from each release within two weeks",
        "Events are added after the launch, so the first month cannot be compared with anything.",
        "An event plan as part of the definition of ready",
        (
            Result("Events are there on launch day", "Releases with complete events", "%", "increase", "40", "90"),
            Result(
                "Readouts come while they still matter", "Days from launch to readout", "days", "decrease", "38", "14"
            ),
            Result(
                "Hypotheses are written before the test",
                "Tests with a written hypothesis",
                "%",
                "increase",
                "33",
                "100",
            ),
        ),
    ),
    "delivery-and-requirements": Aim(
        "Stories are understood the first time they are read",
        "A third of our stories go back with questions, and each round costs two days.",
        "Pair with an engineer on three stories before planning",
        (
            Result("Fewer stories come back", "Stories returned with questions", "%", "decrease", "34", "12"),
            Result(
                "Edge cases are found on paper", "Defects traced to a missing case", "a sprint", "decrease", "5", "2"
            ),
            Result("Planning takes less time", "Hours of planning", "hours a sprint", "decrease", "4.5", "2.5"),
        ),
    ),
    "technology": Aim(
        "Technical limits shape our plans before they surprise us",
        "Two of the last four dates moved because a limit of a neighbouring service was found late.",
        "Walk through the service map with the architect",
        (
            Result(
                "Limits are known before the estimate", "Briefs with a section on limits", "%", "increase", "25", "90"
            ),
            Result("Fewer dates move for technical reasons", "Dates moved", "a quarter", "decrease", "4", "1"),
            Result(
                "Design reviews have a product voice",
                "Reviews with written product questions",
                "reviews",
                "at-least",
                None,
                "5",
            ),
        ),
    ),
    "communication-and-influence": Aim(
        "Partners know early what is decided and why",
        "Sales learned of the last change from a customer, which cost us trust on both sides.",
        "A one-page decision note, shared before the meeting",
        (
            Result(
                "Decisions are written down in time", "Decisions shared within two days", "%", "increase", "45", "90"
            ),
            Result("Partners feel informed", "Partners who agree in the pulse question", "of 10", "increase", "5", "8"),
            Result("Fewer decisions are reopened", "Decisions reopened", "a quarter", "decrease", "6", "2"),
        ),
    ),
    "judgement-and-growth": Aim(
        "Hard trade-offs come with a proposal and its price",
        "Options reach the steering round without a recommendation, so decisions take three meetings.",
        "A decision log that names what was given up",
        (
            Result("Options come with a recommendation", "Papers with a recommendation", "%", "increase", "30", "90"),
            Result("Decisions take fewer rounds", "Meetings for one decision", "meetings", "decrease", "3", "1.5"),
            Result("Look-backs happen", "Decisions looked back on after 60 days", "decisions", "at-least", None, "4"),
        ),
    ),
}
"""One objective for each category of skills; every key result moves from a baseline to a target, or is a threshold."""

CHECK_IN_NOTES = (
    "Counted over the last five working days.",
    "A short week: two of us were away.",
    "The new template helps; I would keep it.",
    "Waiting for the numbers of the other team.",
    "Better than I thought after the talk with support.",
    "Stuck on access to the data; asked Platform again.",
)
"""What is noted beside a check-in."""

LOOKING_BACK = {
    "met": "Stories go in without a question back, and people say so without being asked.",
    "in_the_way": "The summer: for three weeks nobody was there to try anything with.",
    "too_high": "Not the aim; the first date was.",
    "support": "A second pair of eyes on the numbers. I asked for it too late.",
    "learned": "Show the first half-done thing in week one. Everything good came from what people said to it.",
}
"""The five answers at the end of a plan."""
