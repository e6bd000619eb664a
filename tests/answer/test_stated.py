"""What did not happen, or is only said to have, is not stated as a fact."""

from __future__ import annotations

import pytest
from told import article, span

from qa.answer.stated import is_stated
from qa.question.parts import parts_of


def stated(question: str, told: str, words: str) -> bool:
    (part,) = parts_of(question)
    return is_stated(part, span(article(told), words))


@pytest.mark.parametrize(
    ("question", "told", "words"),
    [
        ("How many people died in the hall?", "There would have been 300 people in it on a Sunday.", "300"),
        (
            "How many homes were flooded?",
            "If the wall had broken, it would have flooded 80 homes.",
            "80 homes",
        ),
        ("How many people drowned?", "Up to 90 people could drown, the report says.", "Up to 90 people"),
        (
            "Who robbed the bank?",
            "His new novel begins with a bank that is robbed by its cashier.",
            "its cashier",
        ),
        ("Who robbed the bank?", "In the mock raid a sergeant robbed the bank.", "a sergeant"),
        (
            "How much did Lee embezzle?",
            "Lee stood trial on charges of embezzling 3 million euros.",
            "3 million",
        ),
        ("Whom did Lee bribe?", "Lee denied bribing a customs officer.", "a customs officer"),
        ("Whom did Lee bribe?", "Lee pleaded not guilty to bribing a customs officer.", "a customs officer"),
        ("Who killed Ann Smith?", "A plumber accused of murdering Ann Smith was acquitted.", "A plumber"),
        ("Who killed Ann Smith?", "The prosecutor argued that Bo Lee killed her for money.", "Bo Lee"),
        ("Who killed Ann Smith?", "Her brother suspects that Bo Lee killed her.", "Bo Lee"),
        ("Who plotted the coup?", "Police held four men suspected of plotting the coup.", "four men"),
        (
            "Which post did Lee get?",
            "She denied a report that Lee had been given the treasury.",
            "the treasury",
        ),
        ("When will the mill close?", "The owner dismissed rumours that it would close in May.", "May"),
        ("How many years did he get?", "The state had asked for nine years.", "nine years"),
        ("How much did each family get?", "The minister promised 500 euros to each family.", "500 euros"),
    ],
)
def test_it_is_not_stated(question: str, told: str, words: str) -> None:
    assert not stated(question, told, words)


@pytest.mark.parametrize(
    ("question", "told", "words"),
    [
        ("How many people would have died?", "It would have killed 300 people.", "300"),
        ("Who killed Ann Smith?", "She argued that day with Bo Lee, who shot her.", "Bo Lee"),
        ("Who won the race?", "The paper claimed that Bo Lee won the race.", "Bo Lee"),
        ("Who warned of it?", "Bo Lee warned on Friday that the wall could break.", "Bo Lee"),
        ("Who proposed it?", "The law, which could pass in May, was proposed by Bo Lee.", "Bo Lee"),
        (
            "Who robs the bank in “Noon”?",
            "The film “Noon” tells of a bank robbed by its cashier.",
            "its cashier",
        ),
        (
            "Who robs the bank in the novel?",
            "The novel tells of a bank robbed by its cashier.",
            "its cashier",
        ),
        ("Where was the film shown?", "The film opens the festival in Ely.", "Ely"),
        ("What is Lee accused of?", "Lee is accused of embezzling 3 million euros.", "embezzling 3 million"),
        ("What did the court deny her?", "The court denied her a pardon.", "a pardon"),
        ("Where did she lead the effort?", "She is in charge of the effort in Ely.", "Ely"),
        ("Who was acquitted?", "A plumber accused of murdering Ann Smith was acquitted.", "A plumber"),
        ("Where was Ann Smith killed?", "Lee is accused of killing Ann Smith in Ely.", "Ely"),
        ("Who spoke to the court?", "A plumber accused of fraud spoke to the court.", "A plumber"),
        ("What did she deny?", "She denied a report that Lee had been given the treasury.", "the treasury"),
        ("How many years did they ask for?", "The state had asked for nine years.", "nine years"),
        ("What did the minister promise?", "The minister promised 500 euros to each family.", "500 euros"),
        ("How many people were hurt?", "The minister said 12 people were hurt.", "12"),
    ],
)
def test_it_is_stated(question: str, told: str, words: str) -> None:
    assert stated(question, told, words)
