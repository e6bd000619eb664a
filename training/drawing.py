"""What is drawn for a row: its passage, the wording of its question, and the words that fill a wording."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from training.asking import Asked, ask, ask_far, sentence_case, wh
from training.clauses import PAST_ONLY, Clause
from training.passages import Article, Names, Passage, window
from training.wordings import CONDITIONS, DAYS, PLURAL_SOURCES, SOURCES

FAR = 0.5  # share of questions worded far from the text


@dataclass(frozen=True, slots=True)
class Draw:
    """Chance, and the names that can stand for others."""

    names: Names
    random_: random.Random

    def passage(self, one: Article, index: int, *, event: Clause | None) -> Passage | None:
        """Two to five sentences around one, of which no other tells of the event."""
        return window(one, index, event=event, random_=self.random_)

    def question(
        self,
        found: Clause,
        *,
        roles: Sequence[str] = ("agent", "patient", "number"),
        far: float = FAR,
        names: dict[str, str] | None = None,
        whole: bool = False,
    ) -> Asked | None:
        near = ask(found, random_=self.random_, roles=roles, names=names, whole=whole)
        if not near:
            return None
        one = self.random_.choice(near)
        if self.random_.random() < far:
            return ask_far(found, one.role, random_=self.random_, names=names) or one
        return replace(one, question=self._typed(one.question))

    def _typed(self, question: str) -> str:
        return question.lower().rstrip("?") if self.random_.random() < 0.08 else question

    def words(self, found: Clause, passage: Passage, *, future: bool = False) -> dict[str, str] | None:
        """What stands for the placeholders of a wording; None where the clause cannot be put off."""
        whole = passage.text()[0]
        leave: set[str] = set()
        if future:
            leave = {"time"}
            if PAST_ONLY.search(found.rest(leave=leave)) or any(
                p.phrase and p.phrase.label in {"DATE", "TIME"} for p in found.pieces if p.role == "other"
            ):
                return None
        source = self.random_.choice(SOURCES)
        words = found.forms(leave=leave)
        cond, cond_past = self.random_.choice(CONDITIONS)
        plural = found.subject.plural
        words |= {
            "src": source,
            "P": self.names.draw("PERSON", random_=self.random_, outside=whole),
            "Other": self.names.draw("PERSON", random_=self.random_, outside=whole),
            "day": self.random_.choice([day for day in DAYS if day not in whole] or DAYS),
            "neg_vp": f"was not {words['part']}" if found.passive else f"did not {words['inf']}",
            "wh0": wh(found.subject),
            "noun": found.subject.counted,
            "wh": sentence_case(wh(found.subject)),
            "was": "was",
            "part0": words["part"],
            "vp0": words["vp"],
            "aux_did": words["were"] if found.passive else "did",
            "bare": words["part"] if found.passive else words["inf"],
            "are": "are" if plural else "is",
            "have_": "have" if plural else "has",
            "plan": "plan" if plural else "plans",
            "hope": "hope" if plural else "hopes",
        }
        words["cond"], words["cond_past"] = cond.format_map(words), cond_past.format_map(words)
        words |= {
            f"{name[0].upper()}{name[1:]}": sentence_case(words[name])
            for name in ("fin", "neg", "negc", "never", "src")
        }
        words["SC"], words["OtherC"] = sentence_case(words["S"]), sentence_case(words["Other"])
        return words


def agreeing(text: str) -> str:
    """The text with the verbs of plural sources in the plural: templates are written for one."""
    subject = "|".join(PLURAL_SOURCES)
    verbs = "|".join(PLURAL_VERBS)
    return re.sub(
        rf"\b({subject})( no longer | )({verbs})\b",
        lambda spot: f"{spot[1]}{spot[2]}{PLURAL_VERBS[spot[3]]}",
        text,
        flags=re.IGNORECASE,
    )


PLURAL_VERBS = {
    "has": "have",
    "wants": "want",
    "denies": "deny",
    "plans": "plan",
    "fears": "fear",
    "sells": "sell",
    "estimates": "estimate",
    "gives": "give",
    "loses": "lose",
    "is": "are",
    "was": "were",
}
