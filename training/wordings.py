"""The words of contrast rows: what can be said of an event that did not happen, and how it is asked about.

Plain tables. `{fin}`, `{ger}` … are forms of a clause (`clauses.forms`; with a capital: at the sentence's
start), `{Src}` a body that speaks, `{P}` a person, `{day}` a weekday, each drawn anew. `ask` are questions
that the altered sentence does answer, with the placeholder that is their answer.
"""

from __future__ import annotations

from dataclasses import dataclass

from training.lexicon import words


@dataclass(frozen=True, slots=True)
class Wording:
    """A way to say something about a clause. `needs`: see `undoing.fits`; `ask`: what it answers."""

    text: str
    needs: str = ""
    ask: tuple[tuple[str, str], ...] = ()
    when: str = ""  # "future": the clause loses its past time


W = Wording

WHO_DENIED = (
    ("Who denied that {fin}?", "src"),
    ("Who denies that {fin}?", "src"),
    ("who says it is not true that {fin}", "src"),
)
WHO_SAID = (("Who said so?", "src"), ("Who made this known?", "src"))

NOT_ASKED = (
    ("{wh} {neg_vp}?", "S"),
    ("{wh} was it that {neg_vp}?", "S"),
    ("Do you know {wh0} {neg_vp}?", "S"),
)
NEGATED = (
    W("{Neg}.", ask=NOT_ASKED),
    W("{Negc}.", ask=NOT_ASKED),
    W("{Never}.", ask=(("{wh} never {vp}?", "S"),)),
    W("{Neg}, {src} said on {day}.", ask=(("Who said that {neg}?", "src"),)),
    W("{Src} said that {neg}.", ask=(("Who said that {neg}?", "src"),)),
    W("{P}, a spokesman for {src}, said that {negc}.", ask=(("Who said that {neg}?", "P"),)),
    W("In the end {neg}.", ask=NOT_ASKED),
    W("Contrary to what was first reported, {neg}.", ask=NOT_ASKED),
    W("It is not true that {fin}."),
    W("It was not the case that {fin}, {src} said.", ask=(("Who said so?", "src"),)),
    W("At no time {aux_did} {S} {bare}, {src} confirmed.", ask=(("Who confirmed it?", "src"),)),
    W("No one {vp0}, and nothing of the kind was planned.", needs="nobody"),
    W("Nobody {vp0}, according to {src}.", needs="nobody"),
    W("No {noun} {vp}, {src} said.", needs="counted", ask=(("Who said that no {noun} {vp}?", "src"),)),
    W("None of the {noun} {vp}.", needs="counted"),
    W("Not one of the {noun} {vp}, as it turned out.", needs="counted"),
    W("Luckily, no {noun} {vp}.", needs="counted"),
    W("Fears that {noun} {vp} did not come true.", needs="counted"),
    W("Neither {S} nor {Other} {vp}.", needs="single"),
    W("Neither {Other} nor {S} {vp}, {src} said on {day}.", needs="single"),
    W("{SC} did not, as some had written, {inf}.", needs="active"),
    W("{SC}, who was there on {day}, did not {inf}.", needs="doer"),
    W("Although many had expected it, {neg}.", ask=NOT_ASKED),
    W("Without {ger}, {S} left the matter to {Other} on {day}.", needs="doer"),
    W(
        "{SC} refused to {inf}.",
        needs="doer",
        ask=(("Who refused to {inf}?", "S"), ("What did {S} refuse to do?", "inf")),
    ),
    W(
        "{SC} failed to {inf}.",
        needs="doer",
        ask=(("Who failed to {inf}?", "S"), ("What did {S} fail to do?", "inf")),
    ),
    W("{SC} declined to {inf} when asked on {day}.", needs="doer", ask=(("Who declined to {inf}?", "S"),)),
    W("{SC} has not {perf}, nor will that change soon."),
    W("Hardly anyone noticed that {neg}.", ask=NOT_ASKED),
    W(
        "{SC} could not {inf}, because {src} had objected.",
        needs="doer",
        ask=(("Why could {S} not {inf}?", "because {src} had objected"),),
    ),
    W("{Src} made it clear on {day} that {neg}.", ask=(("When was it made clear that {neg}?", "day"),)),
    W("Photographs from the day show that {neg}.", ask=NOT_ASKED),
    W("By {day} {S} had still not {perf}."),
)

DENIED = (
    W("{Src} denied that {fin}.", ask=WHO_DENIED),
    W("{Src} denied on {day} that {fin}.", ask=WHO_DENIED),
    W("{Src} has denied reports that {fin}.", ask=WHO_DENIED),
    W(
        "{P} of {src} dismissed claims that {fin} as nonsense.",
        ask=(("Who dismissed claims that {fin}?", "P"), ("What did {P} call the claims?", "nonsense")),
    ),
    W("Reports that {fin} were false, {src} said.", ask=(("Who said that the reports were false?", "src"),)),
    W("Reports that {fin} turned out to be wrong."),
    W("A report on {day} said that {fin}. The report turned out to be false."),
    W(
        "A newspaper wrote that {fin}. It apologised on {day} and withdrew the story.",
        ask=(("When did the newspaper apologise?", "day"),),
    ),
    W(
        "Rumours spread on {day} that {fin}. {Src} said that there was no truth in them.",
        ask=(("Who said that there was no truth in the rumours?", "src"),),
    ),
    W(
        "Posts shared thousands of times claimed that {fin}. Fact-checkers found no evidence for it.",
        ask=(("Who found no evidence for the claim?", "Fact-checkers"),),
    ),
    W("{SC} denied {ger}.", needs="doer", ask=(("Who denied {ger}?", "S"), ("What did {S} deny?", "ger"))),
    W("{SC} has always denied having {part}.", needs="doer", ask=(("Who has denied having {part}?", "S"),)),
    W(
        "{SC} rejected suggestions of having {part}.",
        needs="doer",
        ask=(("Who rejected such suggestions?", "S"),),
    ),
    W(
        "{SC} was cleared on {day} of {ger}.",
        needs="culprit",
        ask=(("Who was cleared of {ger}?", "S"), ("When was {S} cleared?", "day")),
    ),
    W(
        "{SC} was found not guilty of {ger}.",
        needs="culprit",
        ask=(("Who was found not guilty of {ger}?", "S"),),
    ),
    W(
        "A court acquitted {S} of {ger}.",
        needs="culprit",
        ask=(("Who was acquitted of {ger}?", "S"), ("Who acquitted {S}?", "A court")),
    ),
    W(
        "{Fin}, a website had claimed; {src} called it a fabrication.",
        ask=(("Who called it a fabrication?", "src"),),
    ),
    W(
        "The claim that {fin} was made up, {src} said on {day}.",
        ask=(("Who said that the claim was made up?", "src"),),
    ),
    W("“It is a lie that {fin},” {P} said.", ask=(("Who called it a lie that {fin}?", "P"),)),
    W("{P} contradicted accounts that {fin}.", ask=(("Who contradicted the accounts?", "P"),)),
    W("An inquiry found that it was wrong to say that {fin}."),
    W(
        "{Src} corrected an earlier statement, in which it was said that {fin}: this had not been so.",
        ask=(("Who corrected an earlier statement?", "src"),),
    ),
    W(
        "It was first said that {fin}. That was a mistake, {src} said later.",
        ask=(("Who said that it was a mistake?", "src"),),
    ),
    W("The story that {fin} is a hoax."),
    W(
        "{Src} rejected as untrue a claim by {P} that {fin}.",
        ask=(("Who claimed that {fin}?", "P"), ("Who rejected the claim?", "src")),
    ),
    W(
        "No evidence has been found for the allegation that {fin}, {src} concluded.",
        ask=(("Who concluded that there was no evidence?", "src"),),
    ),
    W("{P} withdrew an accusation on {day} that {fin}.", ask=(("Who withdrew an accusation?", "P"),)),
)

HEDGED = (
    W("{SC} allegedly {vp}.", needs="active", ask=(("Who is alleged to {have}?", "S"),)),
    W("{SC} {were} allegedly {part}.", needs="passive"),
    W("{SC} may {have}.", ask=(("{wh} may {have}?", "S"),)),
    W("{SC} might {have}, {src} said, but it is too early to tell.", ask=(("{wh} might {have}?", "S"),)),
    W("It is possible that {fin}, but nothing is certain yet."),
    W(
        "{SC} could {have}, according to one theory.",
        ask=(("{wh} could {have} according to one theory?", "S"),),
    ),
    W(
        "Police suspect that {fin}.",
        ask=(("What do police suspect?", "that {fin}"), ("Who suspects that {fin}?", "Police")),
    ),
    W("Police believe that {fin}, but have no proof.", ask=(("What do police believe?", "that {fin}"),)),
    W(
        "{SC} {are} suspected of {ger}.",
        needs="doer",
        ask=(
            ("Who is suspected of {ger}?", "S"),
            ("Whom do police suspect?", "S"),
            ("What is {S} suspected of?", "ger"),
        ),
    ),
    W(
        "{SC} {are} accused of {ger}.",
        needs="doer",
        ask=(("Who is accused of {ger}?", "S"), ("What is {S} accused of?", "ger")),
    ),
    W(
        "{P} accused {S} of {ger}.",
        needs="doer",
        ask=(
            ("Who is accused of {ger}?", "S"),
            ("Who accused {S} of {ger}?", "P"),
            ("Whom did {P} accuse of {ger}?", "S"),
        ),
    ),
    W(
        "{SC} {are} charged with {ger} and will stand trial.",
        needs="culprit",
        ask=(("Who is charged with {ger}?", "S"),),
    ),
    W(
        "Prosecutors allege that {fin}.",
        ask=(("Who alleges that {fin}?", "Prosecutors"), ("What do prosecutors allege?", "that {fin}")),
    ),
    W("It was not clear on {day} whether {fin}.", ask=(("When was it not clear whether {fin}?", "day"),)),
    W(
        "Investigators are looking into whether {fin}.",
        ask=(("Who is looking into whether {fin}?", "Investigators"),),
    ),
    W(
        "{Src} could neither confirm nor deny that {fin}.",
        ask=(("Who could neither confirm nor deny that {fin}?", "src"),),
    ),
    W("According to unconfirmed reports, {fin}.", ask=(("What do unconfirmed reports say?", "fin"),)),
    W("There is speculation that {fin}."),
    W(
        "{P} claimed that {fin}, without offering evidence.",
        ask=(("Who claimed that {fin}?", "P"), ("What did {P} claim?", "that {fin}")),
    ),
    W("{SC} {are} thought to {have}.", ask=(("{wh} {are} thought to {have}?", "S"),)),
    W(
        "{SC} reportedly {vp}, but {src} has not confirmed it.",
        needs="active",
        ask=(("Who has not confirmed it?", "src"),),
    ),
    W("Some say that {fin}; others doubt it."),
    W("Rumour has it that {fin}."),
    W(
        "The lawsuit alleges that {fin}, which has yet to be proven in court.",
        ask=(("What does the lawsuit allege?", "that {fin}"),),
    ),
    W("{Src} wants to find out if {fin}.", ask=(("Who wants to find out if {fin}?", "src"),)),
    W("Perhaps {fin}, {P} wrote, but that is a guess.", ask=(("Who wrote that perhaps {fin}?", "P"),)),
)

CONDITIONS = (
    ("the talks fail", "the talks had failed"),
    ("the judge agrees", "the judge had agreed"),
    ("the bill becomes law", "the bill had become law"),
    ("the weather gets worse", "the weather had got worse"),
    ("no deal is reached by {day}", "no deal had been reached by {day}"),
    ("{src} gives permission", "{src} had given permission"),
    ("{P} steps down", "{P} had stepped down"),
    ("the money runs out", "the money had run out"),
    ("prices go on rising", "prices had gone on rising"),
    ("the appeal succeeds", "the appeal had succeeded"),
    ("the warnings are ignored", "the warnings had been ignored"),
    ("{P} is elected", "{P} had been elected"),
    ("the vote goes the other way", "the vote had gone the other way"),
    ("help arrives too late", "help had arrived too late"),
    ("{src} loses the case", "{src} had lost the case"),
    ("the contract is signed", "the contract had been signed"),
)

CONDITIONAL = (
    W(
        "If {cond}, {S} would {inf}.",
        when="future",
        ask=(("What would happen if {cond}?", "{S} would {inf}"), ("{wh} would {inf} if {cond}?", "S")),
    ),
    W(
        "{SC} would {inf} if {cond}.",
        when="future",
        ask=(("What would happen if {cond}?", "{S} would {inf}"), ("{wh} would {inf}?", "S")),
    ),
    W("{SC} could {inf} should the worst come.", when="future", ask=(("{wh} could {inf}?", "S"),)),
    W("Unless something changes, {S} will {inf}.", when="future"),
    W(
        "Had it gone otherwise, {S} would {have}.",
        ask=(("{wh} would {have} if it had gone otherwise?", "S"),),
    ),
    W(
        "If {cond_past}, {S} would {have}.",
        ask=(
            ("{wh} would {have} if {cond_past}?", "S"),
            ("What would have happened if {cond_past}?", "{S} would {have}"),
        ),
    ),
    W(
        "{SC} would {have} if {cond_past}, {src} said.",
        ask=(("Who said that {S} would {have} if {cond_past}?", "src"),),
    ),
    W(
        "{Src} warned that {S} could {inf} if {cond}.",
        when="future",
        ask=(
            ("Who warned that {S} could {inf}?", "src"),
            ("What could happen if {cond}?", "{S} could {inf}"),
        ),
    ),
    W(
        "In the worst case, {src} estimates, {S} could {inf}.",
        when="future",
        ask=(("What could happen in the worst case?", "{S} could {inf}"),),
    ),
    W(
        "Only if {cond} will {S} {inf}.",
        when="future",
        ask=(("Under what condition will {S} {inf}?", "Only if {cond}"),),
    ),
    W("Imagine that {fin}, {P} wrote.", ask=(("Who wrote that?", "P"),)),
    W("What would have come of it, {P} asked, if {S} had {perf}?", ask=(("Who asked?", "P"),)),
    W("{P} wishes that {S} had {perf}.", ask=(("Who wishes that {S} had {perf}?", "P"),)),
    W(
        "{SC} should {have}, {P} said.",
        ask=(("What should {S} have done?", "{have}"), ("{wh} should {have}?", "S")),
    ),
    W("It would take a miracle for {S} to {inf}.", when="future"),
    W("Provided that {cond}, {S} may {inf}.", when="future", ask=(("{wh} may {inf}?", "S"),)),
    W("Even if {cond}, {S} might not {inf}.", when="future"),
    W("{SC} came close: one more day and {S} would {have}."),
    W("A study models what follows if {S} should {inf}.", when="future"),
    W(
        "Otherwise {S} would {inf}, {src} fears.",
        when="future",
        ask=(("Who fears that {S} would {inf}?", "src"),),
    ),
)

PLANNED = (
    W(
        "{SC} {plan} to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who plans to {inf}?", "S"), ("What does {S} plan to do?", "inf")),
    ),
    W(
        "{SC} {are} due to {inf} next {day}.",
        when="future",
        ask=(("{wh} {are} due to {inf}?", "S"), ("When is this due to happen?", "next {day}")),
    ),
    W("{SC} {are} expected to {inf}.", when="future", ask=(("{wh} {are} expected to {inf}?", "S"),)),
    W(
        "{SC} will {inf} next {day}, {src} announced.",
        when="future",
        ask=(("{wh} will {inf}?", "S"), ("Who announced it?", "src")),
    ),
    W(
        "{SC} {are} to {inf} in the spring.",
        when="future",
        ask=(("{wh} {are} to {inf}?", "S"), ("When {are} {S} to {inf}?", "in the spring")),
    ),
    W(
        "{SC} threatened to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who threatened to {inf}?", "S"), ("What did {S} threaten to do?", "inf")),
    ),
    W("{SC} has vowed to {inf}.", needs="doer", when="future", ask=(("Who has vowed to {inf}?", "S"),)),
    W(
        "{SC} offered to {inf}, but the offer is still open.",
        needs="doer",
        when="future",
        ask=(("Who offered to {inf}?", "S"),),
    ),
    W(
        "{SC} {are} preparing to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who is preparing to {inf}?", "S"), ("What {are} {S} preparing to do?", "inf")),
    ),
    W(
        "{SC} {are} considering {ger}.",
        needs="doer",
        when="future",
        ask=(("Who is considering {ger}?", "S"), ("What {are} {S} considering?", "ger")),
    ),
    W(
        "{P} called on {S} to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who called on {S} to {inf}?", "P"), ("Whom did {P} call on?", "S")),
    ),
    W("{Src} wants {S} to {inf}.", when="future", ask=(("Who wants {S} to {inf}?", "src"),)),
    W("{SC} {hope} to {inf} by next year.", needs="doer", when="future", ask=(("Who hopes to {inf}?", "S"),)),
    W(
        "Plans for {S} to {inf} were presented on {day}. A decision is expected in the autumn.",
        when="future",
        ask=(("When were the plans presented?", "day"), ("When is a decision expected?", "in the autumn")),
    ),
    W(
        "{Src} proposed that {S} should {inf}.",
        when="future",
        ask=(("Who proposed that {S} should {inf}?", "src"),),
    ),
    W(
        "Nothing has been decided yet, but {S} would like to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who would like to {inf}?", "S"),),
    ),
    W("Under a plan by {src}, {S} would {inf}.", when="future", ask=(("Whose plan is it?", "src"),)),
    W(
        "{SC} promised on {day} to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who promised to {inf}?", "S"), ("When did {S} promise to {inf}?", "day")),
    ),
    W(
        "Next month {S} will {inf}, if all goes well.",
        when="future",
        ask=(("{wh} will {inf} if all goes well?", "S"),),
    ),
    W("{SC} {have_} yet to {inf}.", when="future", ask=(("{wh} {have_} yet to {inf}?", "S"),)),
    W(
        "{SC} {were} told to {inf}, and {has} until {day} to do so.",
        needs="doer",
        when="future",
        ask=(("Who was told to {inf}?", "S"),),
    ),
    W(
        "Messages found by {src} show a plot for {S} to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who found the messages?", "src"),),
    ),
)

CANCELLED = (
    W(
        "{SC} had planned to {inf}, but the plan was called off.",
        needs="doer",
        when="future",
        ask=(("Who had planned to {inf}?", "S"), ("What had {S} planned to do?", "inf")),
    ),
    W(
        "Plans for {S} to {inf} were scrapped on {day}.",
        when="future",
        ask=(("When were the plans scrapped?", "day"),),
    ),
    W(
        "{SC} {were} to {inf}. {Src} cancelled it on {day}.",
        when="future",
        ask=(("Who cancelled it?", "src"), ("When was it cancelled?", "day")),
    ),
    W(
        "{SC} {were} about to {inf} when {src} stepped in and stopped it.",
        when="future",
        ask=(("Who stopped it?", "src"), ("{wh} {were} about to {inf}?", "S")),
    ),
    W(
        "An attempt by {S} to {inf} was foiled.",
        needs="doer",
        when="future",
        ask=(("Whose attempt was foiled?", "S"),),
    ),
    W(
        "{SC} tried to {inf}, but did not succeed.",
        needs="doer",
        when="future",
        ask=(("Who tried to {inf}?", "S"), ("What did {S} try to do?", "inf")),
    ),
    W(
        "{SC} tried in vain to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who tried in vain to {inf}?", "S"),),
    ),
    W(
        "{SC} abandoned a plan to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who abandoned a plan to {inf}?", "S"), ("What did {S} abandon?", "a plan to {inf}")),
    ),
    W(
        "{SC} decided against {ger}.",
        needs="doer",
        when="future",
        ask=(("Who decided against {ger}?", "S"), ("What did {S} decide against?", "ger")),
    ),
    W(
        "{SC} {were} prevented from {ger} by {src}.",
        needs="doer",
        when="future",
        ask=(("Who prevented {S} from {ger}?", "src"),),
    ),
    W(
        "It had been announced that {S} would {inf}. The announcement was taken back on {day}.",
        when="future",
        ask=(("When was the announcement taken back?", "day"),),
    ),
    W(
        "{SC} had agreed to {inf}, then backed out.",
        needs="doer",
        when="future",
        ask=(("Who backed out?", "S"),),
    ),
    W(
        "{SC} dropped its intention to {inf}.",
        needs="body",
        when="future",
        ask=(("Who dropped its intention to {inf}?", "S"),),
    ),
    W(
        "{SC} withdrew an offer to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who withdrew an offer?", "S"),),
    ),
    W(
        "{SC} {were} supposed to {inf}, but nothing came of it.",
        when="future",
        ask=(("{wh} {were} supposed to {inf}?", "S"),),
    ),
    W(
        "The move by {S} to {inf} fell through at the last minute.",
        needs="doer",
        when="future",
        ask=(("When did the move fall through?", "at the last minute"),),
    ),
    W(
        "{SC} stopped short of {ger}.",
        needs="doer",
        when="future",
        ask=(("Who stopped short of {ger}?", "S"),),
    ),
    W(
        "{SC} narrowly escaped {ger}.",
        needs="passive",
        when="future",
        ask=(("{wh} narrowly escaped {ger}?", "S"),),
    ),
    W("{Src} thwarted a plot in which {S} would {have}.", ask=(("Who thwarted the plot?", "src"),)),
    W(
        "{SC} would {have}, but {src} ruled it out on {day}.",
        ask=(("Who ruled it out?", "src"), ("When was it ruled out?", "day")),
    ),
    W(
        "A court stopped {S} from {ger}.",
        needs="doer",
        when="future",
        ask=(("Who stopped {S} from {ger}?", "A court"),),
    ),
    W(
        "{SC} missed the chance to {inf}.",
        needs="doer",
        when="future",
        ask=(("Who missed the chance to {inf}?", "S"),),
    ),
)

STAGED = (
    W("In the film, {fin}.", ask=(("What happens in the film?", "fin"), ("{wh} {vp} in the film?", "S"))),
    W(
        "The novel tells how {fin}.",
        ask=(("What does the novel tell?", "how {fin}"), ("{wh} {vp} in the novel?", "S")),
    ),
    W("In a play by {P}, {fin}.", ask=(("Whose play is it?", "P"), ("{wh} {vp} in the play?", "S"))),
    W(
        "{Src} held a drill on {day}. In its scenario, {fin}.",
        ask=(("Who held a drill?", "src"), ("{wh} {vp} in the drill's scenario?", "S")),
    ),
    W(
        "In an exercise on {day}, rescuers practised for the case that {fin}.",
        ask=(("When was the exercise?", "day"), ("What case did rescuers practise for?", "that {fin}")),
    ),
    W("The simulation assumed that {fin}.", ask=(("What did the simulation assume?", "that {fin}"),)),
    W(
        "In an episode of the series shown on {day}, {fin}.",
        ask=(("{wh} {vp} in the episode?", "S"), ("When was the episode shown?", "day")),
    ),
    W("{P} dreamt that {fin}.", ask=(("Who dreamt that {fin}?", "P"), ("What did {P} dream?", "that {fin}"))),
    W("A satirical website joked that {fin}.", ask=(("What did a satirical website joke?", "that {fin}"),)),
    W(
        "{P} has written a thriller in which {fin}.",
        ask=(("Who has written a thriller?", "P"), ("{wh} {vp} in the thriller?", "S")),
    ),
    W(
        "In the video game, which {src} sells, {fin}.",
        ask=(("Who sells the video game?", "src"), ("{wh} {vp} in the video game?", "S")),
    ),
    W(
        "For a training course on {day}, students were told that {fin}.",
        ask=(("What were students told?", "that {fin}"),),
    ),
    W("The comedy imagines a day on which {fin}."),
    W(
        "As an April Fool's joke, {src} wrote that {fin}.",
        ask=(("Who wrote it as an April Fool's joke?", "src"),),
    ),
    W(
        "In the opening scene, {fin}; the camera then turns to {Other}.",
        ask=(("What happens in the opening scene?", "fin"), ("{wh} {vp} in the opening scene?", "S")),
    ),
    W("The picture, made by a computer, shows a world in which {fin}."),
    W(
        "Actors played out a scene: {fin}.",
        ask=(("Who played out a scene?", "Actors"), ("{wh} {vp} in the scene that was played out?", "S")),
    ),
    W(
        "“What if {fin}?” is the question behind the new book by {P}.",
        ask=(("Who wrote the new book?", "P"),),
    ),
    W(
        "A mock trial by students of {src} supposed that {fin}.",
        ask=(("What did the mock trial suppose?", "that {fin}"),),
    ),
    W("The legend has it that {fin}.", ask=(("What does the legend say?", "that {fin}"),)),
    W(
        "In the opera, which opens on {day}, {fin}.",
        ask=(("When does the opera open?", "day"), ("{wh} {vp} in the opera?", "S")),
    ),
    W(
        "{P}, who plays the lead in the drama, enjoyed the scene where {fin}.",
        ask=(("Who plays the lead in the drama?", "P"),),
    ),
)

# The same words about what did happen: a sentence is not to be refused for a "not", an "if" or a "film".
FACTUAL = {
    "negated": (
        W("{Fin}, but {src} did not comment."),
        W("{Fin}. No one else was involved, {src} said."),
        W("{Fin}, which is not disputed."),
        W("It was not only {src} who confirmed that {fin}."),
        W("It was not until {day} that {src} confirmed that {fin}."),
        W("There is no doubt that {fin}."),
        W("Nobody denies that {fin}."),
        W("{Src} did not know at first that {fin}."),
        W("{OtherC} did not take part; {fin}."),
    ),
    "denied": (
        W("{Src} confirmed that {fin}, after having denied it at first."),
        W("{Src} no longer denies that {fin}."),
        W("{OtherC} denied any part in it. {Fin}."),
        W("Reports that {fin} were confirmed on {day}."),
        W("{Fin}. {P} denied having known of it."),
        W("Fact-checkers found that the report was right: {fin}."),
        W("{SC} admitted having {part}.", needs="doer"),
        W("{SC} was found guilty of {ger}.", needs="culprit"),
    ),
    "hedged": (
        W("It is now certain that {fin}; before, it had only been suspected."),
        W("{Src} confirmed on {day} that {fin}."),
        W("{Fin}, {src} said on {day}."),
        W("{Fin}, according to {src}."),
        W("{Fin}. What may come of it is unclear."),
        W("{SC} pleaded guilty to {ger}.", needs="culprit"),
        W("An inquiry established that {fin}, as many had suspected."),
        W("{Src} announced that {fin}."),
    ),
    "conditional": (
        W("{Fin}. If {cond}, more could follow."),
        W("{Fin}, though it could have gone otherwise."),
        W("As {src} had warned, {fin}."),
        W("{Fin}; what would happen next, {P} could not say."),
        W("If anyone still doubts it: {fin}."),
    ),
    "planned": (
        W("As planned, {fin}."),
        W("{Fin}, as had been announced on {day}."),
        W("{Fin}. {Src} plans to look into it next month."),
        W("After months of planning, {fin}."),
        W("It had been threatened for weeks, and on {day} it came true: {fin}."),
        W("A promise was kept: {fin}."),
    ),
    "cancelled": (
        W("{Fin}, although {src} had tried to stop it."),
        W("{Fin}. A visit by {P} was called off because of it."),
        W("An attempt to prevent it failed: {fin}."),
        W("{SC} managed to {inf}.", needs="doer"),
        W("{SC} succeeded in {ger}.", needs="doer"),
        W("Despite a call to cancel everything, {fin}."),
    ),
    "staged": (
        W("{Fin}. A film about it is being made."),
        W("The documentary recalls the day when {fin}."),
        W("What looked like a drill was real: {fin}."),
        W("{P}, who has written a novel, confirmed that {fin}."),
        W("It sounds like the plot of a film, but {fin}."),
        W("{Fin}, and {src} held a drill on {day} to be better prepared."),
    ),
}

TABLES = {
    "negated": NEGATED,
    "denied": DENIED,
    "hedged": HEDGED,
    "conditional": CONDITIONAL,
    "planned": PLANNED,
    "cancelled": CANCELLED,
    "staged": STAGED,
}

SOURCES = (
    "police",
    "officials",
    "the ministry",
    "the company",
    "a spokeswoman",
    "organisers",
    "the authorities",
    "the army",
    "the government",
    "the mayor",
    "a lawyer",
    "the agency",
    "the embassy",
    "the union",
    "the city council",
    "prosecutors",
    "the president’s office",
    "the club",
    "a senior official",
    "investigators",
    "the interior minister",
    "the fire service",
    "the hospital",
    "the regulator",
    "the governor",
    "the prosecutor",
    "the foreign ministry",
    "a committee",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Verbs for which "guilty of" makes sense.
CULPABLE = words("culpable")
# Who did it and whom it befell can be the same two the other way round.
SYMMETRIC = words("symmetric")

# verb | other verbs for it in a question | noun of the event | nouns of the doer, of the one it befell
_VERBS = """
kill | slay, take the life of, cause the death of | killing | killer | victim
murder | kill, slay | murder | murderer | victim
shoot | gun down, fire at, open fire on | shooting | shooter | victim
stab | knife, attack with a knife | stabbing | attacker | victim
attack | assault, strike, go after | attack | attacker | target
assault | attack, beat up | assault | attacker | victim
bomb | blow up, hit with bombs | bombing | bomber | target
hit | strike, slam into | | |
strike | hit, attack | | |
injure | hurt, wound, harm | | | casualty
wound | injure, hurt | | | casualty
arrest | detain, take into custody, nab, pick up | arrest | | detainee
detain | hold, arrest, lock up | detention | | detainee
capture | seize, catch, take | capture | | captive
seize | take, confiscate, grab | seizure | |
charge | indict, bring charges against | | |
indict | charge, bring charges against | indictment | |
sue | take to court, bring a lawsuit against, take legal action against | | |
accuse | blame, point the finger at | | accuser | accused
blame | hold responsible, point the finger at | | |
convict | find guilty | conviction | |
sentence | jail, send to prison | | |
jail | imprison, lock up, send to prison | jailing | |
fine | penalise, impose a fine on, hit with a fine | | |
ban | outlaw, prohibit, forbid | ban | |
block | stop, hold up | blocking | |
suspend | bar, put on hold | suspension | |
sack | fire, dismiss, give the boot to | sacking | |
fire | sack, dismiss, let go | firing | |
dismiss | sack, throw out, fire | dismissal | |
appoint | name, install, pick, choose | appointment | | appointee
name | appoint, choose, pick | | |
nominate | put forward, propose, pick | nomination | | nominee
elect | vote in, choose | election | |
hire | take on, recruit, employ | hiring | employer |
replace | take over from, succeed, step in for | replacement | successor | predecessor
succeed | replace, follow, take over from | | successor | predecessor
beat | defeat, overcome, win against, get the better of | defeat | winner | loser
defeat | beat, overcome, win against | defeat | winner | loser
thrash | beat, crush, hammer | | winner | loser
win | claim, take home, clinch, pick up | | winner |
lose | miss out on, be beaten in | loss | loser |
buy | acquire, purchase, take over, snap up | purchase | buyer |
acquire | buy, purchase, take over, get hold of | acquisition | buyer |
purchase | buy, acquire, pay for | purchase | buyer |
sell | dispose of, flog | sale | seller |
found | set up, establish, start, create | founding | founder |
launch | start, begin, introduce, roll out | launch | |
establish | set up, found, create | establishment | |
create | make, set up, come up with | creation | creator |
build | construct, put up, erect | construction | builder |
design | come up with, draw up | design | designer |
develop | work out, come up with, create | development | developer |
invent | come up with, devise | invention | inventor |
discover | find, come across, uncover | discovery | discoverer |
find | discover, come across, locate | discovery | |
identify | name, single out, pinpoint | identification | |
reveal | disclose, make known, unveil | | |
unveil | present, reveal, show | unveiling | |
announce | make public, declare, make known | announcement | |
publish | bring out, put out, release | publication | publisher |
release | free, put out, let out | release | |
issue | put out, give out | | |
criticise | attack, find fault with, hit out at, have a go at | criticism | critic | target
criticize | attack, find fault with, hit out at, have a go at | criticism | critic | target
condemn | denounce, criticise, speak out against | condemnation | critic | target
slam | criticise, hit out at, lash out at | | critic | target
praise | commend, speak well of, hail | praise | |
hail | praise, welcome | | |
welcome | greet, be pleased with, applaud | | |
support | back, stand behind | | supporter |
back | support, stand behind, endorse | | backer |
endorse | back, support, come out for | endorsement | |
oppose | be against, resist, object to | | opponent |
reject | turn down, refuse, say no to, dismiss | rejection | |
approve | give the green light to, pass, back, sign off on | approval | |
pass | approve, adopt, vote through | passage | |
sign | put a signature to, ink | signing | signatory |
file | submit, lodge, hand in | filing | |
submit | hand in, file | submission | |
propose | suggest, put forward | proposal | |
offer | propose, put on the table | offer | |
join | become part of, team up with | | |
leave | quit, depart from, walk out of | departure | |
quit | leave, walk away from | | |
visit | travel to, call on, go to see | visit | visitor |
meet | get together with, see, hold talks with | meeting | |
attend | be present at, go to | | |
host | hold, stage | | host |
invite | ask along | | | guest
address | speak to, give a speech to | | speaker |
interview | talk to, question | interview | interviewer | interviewee
question | interrogate, quiz, interview | questioning | |
investigate | look into, examine, probe | investigation | investigator |
examine | study, look at, check | examination | |
study | look at, examine, research | study | |
search | comb, go through | search | |
raid | storm, search | raid | |
invade | march into, enter by force | invasion | invader |
occupy | take over, hold | occupation | occupier |
destroy | wreck, ruin, wipe out, level | destruction | |
damage | harm, wreck | | |
close | shut, shut down | closure | |
open | inaugurate, start | opening | |
cancel | call off, scrap, drop | cancellation | |
postpone | delay, put off, push back | postponement | |
delay | postpone, put off, hold up | delay | |
evacuate | clear, bring to safety | evacuation | | evacuee
rescue | save, pull to safety, bring to safety | rescue | rescuer | survivor
save | rescue | | |
treat | look after, give care to | | |
deploy | send, station | deployment | |
send | dispatch, ship | | sender |
steal | take, make off with, rob | theft | thief |
rob | steal from, hold up | robbery | robber | victim
kidnap | abduct, take hostage, seize | kidnapping | kidnapper | victim
abduct | kidnap, carry off | abduction | kidnapper | victim
hack | break into, compromise | hack | hacker |
leak | give away, pass on, make public | leak | |
award | give, hand, grant | | |
honor | pay tribute to, celebrate | | |
honour | pay tribute to, celebrate | | |
donate | give, contribute, hand over | donation | donor |
raise | collect, bring in, put up | | |
cut | reduce, slash, lower | | |
reduce | cut, lower, bring down | reduction | |
increase | raise, put up | increase | |
expand | extend, widen | expansion | |
impose | introduce, bring in | imposition | |
introduce | bring in, present | introduction | |
lift | end, remove, scrap | lifting | |
remove | take away, get rid of | removal | |
recall | call back, withdraw | recall | |
order | command, demand | | |
force | compel, make | | |
urge | call on, press | | |
thank | express gratitude to | | |
defend | stand up for, speak up for | | |
score | net, get | | scorer |
record | register, log | | |
produce | make, turn out | production | producer |
write | pen, author | | author |
direct | be in charge of, make | | director |
perform | play, put on | performance | performer |
marry | wed, get married to | marriage | |
divorce | split from, end the marriage with | divorce | |
die | perish, pass away | death | |
crash | come down, smash | crash | |
collapse | fall down, cave in | collapse | |
explode | blow up, go off | explosion | |
arrive | get there, turn up | arrival | |
flee | run away, escape | escape | |
escape | get away, break free | escape | |
resign | step down, quit, give up the job | resignation | |
retire | step down, stop working | retirement | |
gather | come together, assemble | gathering | |
protest | demonstrate, take to the streets | protest | protester |
vote | cast a ballot | vote | voter |
begin | start | start | |
end | finish, come to a close | end | |
settle | resolve, come to terms on | settlement | |
complete | finish, wrap up | completion | |
achieve | reach, attain | achievement | |
reach | get to, arrive at | | |
break | smash | | |
declare | proclaim, announce | declaration | |
challenge | contest, take on | challenge | challenger |
threaten | menace, make threats against | threat | |
warn | caution, alert | warning | |
subpoena | summon, order to testify | | |
testify | give evidence | testimony | witness |
deport | expel, throw out of the country | deportation | | deportee
expel | throw out, kick out | expulsion | |
extradite | hand over, send abroad to face charges | extradition | |
execute | put to death | execution | executioner | victim
poison | give poison to | poisoning | poisoner | victim
steer | pilot, drive | | |
ground | keep from flying | grounding | |
sponsor | pay for, fund | | sponsor |
fund | pay for, finance, put money into | funding | backer |
finance | fund, pay for | financing | backer |
test | try out | test | |
install | put in, set up | installation | installer |
ship | send, deliver | shipment | |
deliver | hand over, bring | delivery | |
provide | supply, give | | supplier |
supply | provide, deliver | supply | supplier |
broadcast | air, show | broadcast | broadcaster |
confirm | verify, back up | confirmation | |
express | voice, state | | |
"""


@dataclass(frozen=True, slots=True)
class Verb:
    """What English has beside a verb for asking about its event; empty where nothing fits."""

    others: tuple[str, ...]
    noun: str
    doer: str
    done_to: str


def _verbs() -> dict[str, Verb]:
    found = {}
    for line in _VERBS.strip().splitlines():
        verb, others, noun, doer, done_to = (*(part.strip() for part in line.split("|")), "")[:5]
        found[verb] = Verb(tuple(others.split(", ")) if others else (), noun, doer, done_to)
    return found


VERBS = _verbs()

# Questions of the same event from its other side; {a} did it, {p} is whom or what it befell.
CONVERSE_AGENT = {
    "beat": (
        "Who won against {p}?",
        "Who did {p} lose to?",
        "To whom did {p} lose?",
        "Who was too strong for {p}?",
        "Who was the winner against {p}?",
    ),
    "buy": (
        "Who is the new owner of {p}?",
        "Who bought {p} up?",
        "To whom was {p} sold?",
        "Who paid for {p}?",
        "Who was the buyer of {p}?",
    ),
    "accuse": (
        "Who made the accusation against {p}?",
        "Who raised accusations against {p}?",
        "Who pointed the finger at {p}?",
    ),
    "sue": (
        "Who went to court against {p}?",
        "Who brought the lawsuit against {p}?",
        "Who was the plaintiff in the case against {p}?",
    ),
    "fine": ("Who made {p} pay?", "Who imposed the fine on {p}?", "Who handed {p} the penalty?"),
    "sentence": ("Who sent {p} to prison?", "Who passed sentence on {p}?", "Who put {p} behind bars?"),
    "kill": (
        "Who was behind the death of {p}?",
        "At whose hands did {p} die?",
        "Who took {p}'s life?",
        "Who was {p}'s killer?",
    ),
    "shoot": ("Who pulled the trigger on {p}?", "Who was the gunman who hit {p}?", "Who opened fire on {p}?"),
    "attack": (
        "Who was behind the attack on {p}?",
        "Who carried out the attack on {p}?",
        "Who went after {p}?",
    ),
    "arrest": ("Who took {p} into custody?", "Who put {p} in handcuffs?", "Who made the arrest of {p}?"),
    "appoint": (
        "Who gave {p} the job?",
        "Who put {p} in the post?",
        "Who chose {p}?",
        "To whom does {p} owe the job?",
    ),
    "sack": ("Who gave {p} the sack?", "Who showed {p} the door?", "Who let {p} go?"),
    "replace": ("Who took over from {p}?", "Who came after {p}?", "Who stepped into {p}'s shoes?"),
    "criticise": (
        "Who found fault with {p}?",
        "Who had hard words for {p}?",
        "Who was unhappy with {p}?",
        "Who voiced criticism of {p}?",
    ),
    "praise": ("Who had kind words for {p}?", "Who spoke well of {p}?", "Who was full of praise for {p}?"),
    "win": (
        "Who came away with {p}?",
        "Who was the winner of {p}?",
        "Who took {p} home?",
        "To whom did {p} go?",
    ),
    "found": ("Who was the founder of {p}?", "Whose creation is {p}?", "Who got {p} started?"),
    "discover": ("Who was the first to find {p}?", "Whose discovery was {p}?", "Who came across {p}?"),
    "reject": ("Who said no to {p}?", "Who turned {p} down?", "Who would not have {p}?"),
    "approve": ("Who gave {p} the go-ahead?", "Who said yes to {p}?", "Whose approval did {p} get?"),
    "rescue": ("Who brought {p} to safety?", "Who came to the rescue of {p}?", "Who saved {p}?"),
    "visit": ("Who paid {p} a visit?", "Who called on {p}?", "Who came to see {p}?"),
    "support": ("Who stood behind {p}?", "Who gave backing to {p}?", "Who spoke up for {p}?"),
    "announce": (
        "From whom did word of {p} come?",
        "Who made {p} public?",
        "Who was it that made {p} known?",
    ),
    "launch": ("Who got {p} going?", "Who was behind the launch of {p}?", "Who set {p} in motion?"),
    "block": ("Who stood in the way of {p}?", "Who put a stop to {p}?", "Who would not let {p} through?"),
    "sign": ("Whose signature is under {p}?", "Who put pen to paper on {p}?"),
    "sell": ("Who was the seller of {p}?", "From whom did {p} come?", "Who parted with {p}?"),
    "build": ("Who was the builder of {p}?", "Who put up {p}?"),
    "destroy": (
        "Who laid waste to {p}?",
        "What or who wrecked {p}?",
        "What was behind the destruction of {p}?",
    ),
    "hire": ("Who gave {p} work?", "Who took {p} on?", "For whom did {p} start to work?"),
    "investigate": ("Who is looking into {p}?", "Who ran the investigation into {p}?"),
    "invade": ("Whose troops went into {p}?", "Who sent an army into {p}?"),
    "charge": ("Who brought charges against {p}?", "Who took {p} to court?"),
    "steal": ("Who made off with {p}?", "Who was the thief of {p}?", "Who got away with {p}?"),
    "score": ("Who put {p} away?", "Whose was {p}?"),
    "cancel": ("Who called {p} off?", "Who pulled the plug on {p}?", "Whose decision was it to drop {p}?"),
    "ban": ("Who put a ban on {p}?", "Who outlawed {p}?", "Who no longer allows {p}?"),
}
CONVERSE_PATIENT = {
    "beat": (
        "Who lost to {a}?",
        "Whom did {a} win against?",
        "Who was on the losing side against {a}?",
        "Who went down to {a}?",
    ),
    "buy": (
        "What now belongs to {a}?",
        "What did {a} take over?",
        "What was sold to {a}?",
        "What did {a} pay for?",
    ),
    "accuse": (
        "At whom did {a} point the finger?",
        "Against whom did {a} make accusations?",
        "Who has to answer {a}'s accusations?",
    ),
    "sue": (
        "Whom did {a} take to court?",
        "Against whom did {a} go to court?",
        "Who is the defendant in {a}'s lawsuit?",
    ),
    "fine": ("Who has to pay {a} a fine?", "Whom did {a} punish?", "Who got a fine from {a}?"),
    "sentence": (
        "Whom did {a} send to prison?",
        "Who went to prison because of {a}?",
        "On whom did {a} pass sentence?",
    ),
    "kill": ("Who died at the hands of {a}?", "Whose life did {a} take?", "Who was {a}'s victim?"),
    "shoot": ("At whom did {a} fire?", "Who was hit by {a}'s bullets?", "On whom did {a} open fire?"),
    "attack": ("Who was the target of {a}?", "Whom did {a} go after?", "At whom was {a}'s attack directed?"),
    "arrest": ("Whom did {a} take into custody?", "Who was led away by {a}?", "Whom did {a} pick up?"),
    "appoint": ("Who got the job from {a}?", "Who was {a}'s choice?", "Whom did {a} put in the post?"),
    "sack": ("Who lost a job because of {a}?", "To whom did {a} give the sack?", "Whom did {a} let go?"),
    "replace": ("From whom did {a} take over?", "Who came before {a}?", "Whose place did {a} take?"),
    "criticise": (
        "With whom did {a} find fault?",
        "What was {a} unhappy with?",
        "At what or whom did {a} hit out?",
    ),
    "praise": ("For whom did {a} have kind words?", "Of whom did {a} speak well?"),
    "win": ("What did {a} take home?", "What was {a} the winner of?", "What went to {a}?"),
    "found": ("What was set up by {a}?", "What did {a} get started?"),
    "discover": ("What did {a} come across?", "What was {a}'s discovery?"),
    "reject": ("What did {a} say no to?", "What did {a} turn down?", "What would {a} not have?"),
    "approve": ("To what did {a} give the go-ahead?", "What did {a} say yes to?"),
    "rescue": ("Whom did {a} bring to safety?", "Who owes {a} a rescue?"),
    "visit": ("Where did {a} go on a visit?", "Whom or what did {a} go to see?"),
    "support": ("Behind whom or what did {a} stand?", "Who or what has {a}'s backing?"),
    "announce": ("What news came from {a}?", "What did {a} make known?"),
    "launch": ("What did {a} get going?", "What was started by {a}?"),
    "block": ("What did {a} put a stop to?", "What did {a} stand in the way of?"),
    "sign": ("Under what did {a} put a signature?", "What did {a} put pen to paper on?"),
    "sell": ("What did {a} part with?", "What could one buy from {a}?"),
    "hire": ("Who started to work for {a}?", "To whom did {a} give work?"),
    "charge": ("Against whom did {a} bring charges?", "Whom did {a} take to court?"),
    "steal": ("What did {a} make off with?", "With what did {a} get away?"),
    "cancel": ("What did {a} call off?", "On what did {a} pull the plug?"),
    "ban": ("What does {a} no longer allow?", "On what did {a} put a ban?"),
}
SAME_AS = {
    "defeat": "beat",
    "thrash": "beat",
    "overcome": "beat",
    "acquire": "buy",
    "purchase": "buy",
    "blame": "accuse",
    "jail": "sentence",
    "imprison": "sentence",
    "murder": "kill",
    "slay": "kill",
    "assault": "attack",
    "bomb": "attack",
    "detain": "arrest",
    "name": "appoint",
    "nominate": "appoint",
    "elect": "appoint",
    "fire": "sack",
    "dismiss": "sack",
    "succeed": "replace",
    "criticize": "criticise",
    "slam": "criticise",
    "condemn": "criticise",
    "hail": "praise",
    "establish": "found",
    "create": "found",
    "find": "discover",
    "uncover": "discover",
    "pass": "approve",
    "save": "rescue",
    "back": "support",
    "endorse": "support",
    "reveal": "announce",
    "unveil": "announce",
    "start": "launch",
    "suspend": "block",
    "construct": "build",
    "wreck": "destroy",
    "recruit": "hire",
    "indict": "charge",
    "scrap": "cancel",
    "outlaw": "ban",
}
WRAPS = (
    "Do you know {q}?",
    "Can you tell me {q}?",
    "Tell me {q}.",
    "I would like to know {q}.",
    "Does it say {q}?",
    "any idea {q}",
    "I wonder {q}",
    "Could you find out {q}?",
    "Is it known {q}?",
    "Please say {q}",
    "what do the articles say about {q}",
    "I need to know {q}",
    "remind me {q}",
    "Do the reports mention {q}?",
    "have they said {q}",
)

# Verbs whose other words also fit where they have no object.
INTRANSITIVE = words("intransitive")
# What nobody plans, or what cannot be called off.
UNPLANNED = words("unplanned")
PLURAL_SOURCES = ("police", "officials", "organisers", "the authorities", "prosecutors", "investigators")

# Beside the real sentence, left as it is: (where it stands, what undoes it) or bears it out.
BESIDE = {
    "negated": (
        ("after", "In truth nothing of the sort took place."),
        ("after", "So it was planned, but it did not come to that."),
        ("after", "At least that was said at first; it did not happen."),
        ("after", "{Src} has since made clear that this never happened."),
    ),
    "denied": (
        ("after", "That was not true, {src} said later."),
        ("after", "{Src} has since withdrawn this account as false."),
        ("after", "The report was corrected on {day}: nothing of the kind had happened."),
        ("after", "None of this is true, {P} said."),
        ("after", "This story turned out to be an invention."),
        ("before", "The following claim, shared by many on {day}, is false."),
        ("after", "{Src} denied this."),
        ("after", "{P} denied all of it."),
    ),
    "hedged": (
        ("after", "This has not been confirmed."),
        ("after", "Whether that is so is unclear, {src} said."),
        ("after", "{Src} could not confirm it."),
        ("after", "So far it is no more than a rumour."),
        ("before", "What is told here is an allegation by {P}."),
        ("after", "That, at least, is what {P} claims; {src} doubts it."),
    ),
    "conditional": (
        ("before", "Suppose for a moment that it had gone like this."),
        ("before", "In the worst case, it would go like this:"),
        ("before", "Imagine the following."),
        ("after", "So it would have been, had {P} not said no."),
    ),
    "staged": (
        ("before", "What follows is the plot of a film by {P}."),
        ("before", "The scene is from a novel by {P}."),
        ("before", "This is the scenario of a drill on {day}."),
        ("after", "With these words the new play by {P} begins."),
        ("after", "That is how the series begins, which {src} paid for."),
        ("before", "The actors spoke of a made-up day:"),
    ),
}
BORNE_OUT = (
    ("after", "This has been confirmed by {src}."),
    ("after", "{Src} confirmed it on {day}."),
    ("after", "There is no doubt about it, {P} said."),
    ("after", "Nobody denied it."),
    ("after", "A film about it is planned."),
    ("before", "It is no rumour any more."),
    ("after", "{P} did not comment."),
    ("after", "What happens next is unclear."),
)
