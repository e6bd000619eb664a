// The article beside the conversation. Runs once, with `element`, `props`, `trigger` and `server` given by Gradio.
// A click on anything that names an article opens it with all quotes of its answer marked; Escape closes it and
// gives the focus back. On a wide screen the first source of a new answer opens by itself.

const NARROW = window.matchMedia("(max-width: 1023px)"); // the same width as in frame.css and panel.css
const WIDE = window.matchMedia("(min-width: 1100px)");
const desk = document.getElementById("desk"); // Gradio confines our CSS to its container, so no class on body
const QUOTES = ".cite, .near, .headline"; // what stands for a quote of an answer
let opener = null; // what was clicked
let opensItself = true; // until a reader closes it
let step = 0; // which quote of the article is the asked one

async function open(button, { byReader = true } = {}) {
  const { articleId: id, revision, start, end } = button.dataset;
  const answer = button.closest(".answer");
  const now = start ? [Number(start), Number(end)] : null;
  const html = await server.open_article({ id, revision: revision || null, now, also: answer ? quotesIn(answer, id) : [] });
  if (!byReader && desk.classList.contains("source-open") && opener) return; // the reader was quicker
  if (byReader) {
    opener = button;
    opensItself = true;
  }
  props.value = html;
  requestAnimationFrame(() => requestAnimationFrame(() => show(answer, byReader)));
}

function quotesIn(answer, id) {
  const places = [...answer.querySelectorAll(QUOTES)].filter((one) => one.dataset.articleId === id && one.dataset.start);
  return [...new Set(places.map((one) => `${one.dataset.start} ${one.dataset.end}`))].map((one) => one.split(" ").map(Number));
}

function show(answer, byReader) {
  desk.classList.add("source-open");
  hold(NARROW.matches);
  if (answer) list(answer);
  const marks = quoted();
  step = Math.max(0, marks.findIndex((group) => group[0].classList.contains("now")));
  element.querySelector(".source").scrollTop = 0;
  point();
  if (byReader) focusClose();
}

// What still fades in takes no focus: it is tried again, a frame at a time, for half a second, unless the reader
// has closed it or types elsewhere meanwhile.
function focusClose(frames = 30) {
  const button = element.querySelector(".close");
  if (!desk.classList.contains("source-open") || document.activeElement.matches("textarea, input")) return;
  button.focus({ preventScroll: true });
  if (document.activeElement !== button && frames) requestAnimationFrame(() => focusClose(frames - 1));
}

// The marks of the article, those of one quote together: a quote may go on over several lines.
function quoted() {
  const groups = new Map();
  for (const mark of element.querySelectorAll("mark.quoted")) {
    const { quote } = mark.dataset;
    groups.set(quote, [...(groups.get(quote) ?? []), mark]);
  }
  return [...groups.values()];
}

// Brings the asked quote into sight and says which it is.
function point() {
  const groups = quoted();
  groups.forEach((group, n) => group.forEach((mark) => mark.classList.toggle("now", n === step)));
  if (groups.length) bring(groups[step][0]);
  const steps = element.querySelector(".steps");
  if (!steps) return;
  steps.hidden = groups.length < 2;
  steps.querySelector(".step-count").textContent = `${step + 1} of ${groups.length}`;
}

function bring(there) {
  const source = element.querySelector(".source");
  const offset = there.getBoundingClientRect().top - source.getBoundingClientRect().top;
  source.scrollTop = Math.max(0, source.scrollTop + offset - source.clientHeight / 3);
}

function list(answer) {
  const sources = answer.querySelector(".answer-sources");
  const place = element.querySelector(".listed");
  place.replaceChildren();
  if (!sources) return;
  const copy = sources.cloneNode(true);
  copy.className = "sources-list";
  place.append(copy);
  const opened = element.querySelector(".source [data-only]");
  for (const button of copy.querySelectorAll("button")) {
    button.ariaCurrent = opened && button.dataset.articleId === opened.dataset.only ? "true" : "false";
    button.addEventListener("click", (event) => {
      event.stopPropagation();
      const first = [...answer.querySelectorAll(".answer-sources button")].find((one) => one.dataset.articleId === button.dataset.articleId);
      open(first);
    });
  }
  desk.classList.toggle("has-sources", true);
}

// The sources of a new answer; the first one opens where there is room for it.
function present(answer) {
  element.querySelector(".listed").replaceChildren();
  desk.classList.toggle("has-sources", false);
  const first = answer && answer.querySelector(".answer-sources button");
  if (!first) return close({ byReader: false });
  opener = null;
  if (WIDE.matches && opensItself) open(first, { byReader: false });
  else {
    close({ byReader: false });
    list(answer);
  }
}

function close({ byReader = true } = {}) {
  if (!desk.classList.contains("source-open")) return;
  desk.classList.remove("source-open");
  hold(false);
  if (!byReader) return;
  opensItself = false;
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
}

// On a phone the article covers the conversation: what is behind it can be neither read nor reached.
function hold(covered) {
  for (const id of ["main", "masthead"]) {
    const part = document.getElementById(id);
    if (part) part.inert = covered;
  }
  const panel = element.querySelector(".panel");
  if (covered) {
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-modal", "true");
  } else {
    panel.removeAttribute("role");
    panel.removeAttribute("aria-modal");
  }
  document.body.style.overflow = covered ? "hidden" : "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-article-id]");
  const stepped = event.target.closest("#panel [data-step]");
  if (button) open(button);
  else if (stepped) {
    const count = quoted().length;
    step = (step + Number(stepped.dataset.step) + count) % count;
    point();
  } else if (event.target.closest("#panel .close") || event.target.id === "aside") close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
});
NARROW.addEventListener("change", () => hold(NARROW.matches && desk.classList.contains("source-open")));

// A card with the sentence and its source, beside the number that the mouse or the focus is on.

const CARD_MS = 250;
let waiting = null;

function cardOf(cite) {
  const figure = cite.closest(".answer")?.querySelector(`figure[data-number="${cite.textContent.trim()}"]`);
  if (!figure || figure.contains(cite)) return null;
  const quote = figure.querySelector("blockquote").cloneNode(true);
  quote.querySelectorAll("button").forEach((one) => one.remove());
  const by = figure.querySelector("figcaption").cloneNode(true);
  by.querySelectorAll(".copy").forEach((one) => one.remove());
  return { quote: quote.textContent.trim(), by: by.textContent.trim() };
}

function showCard(cite) {
  const told = cardOf(cite);
  if (!told || NARROW.matches) return;
  const card = document.body.querySelector("#dateline-card") ?? document.createElement("div");
  card.id = "dateline-card";
  card.className = "hover-card";
  card.role = "tooltip";
  const quote = document.createElement("p");
  const by = document.createElement("p");
  quote.textContent = told.quote;
  by.textContent = told.by;
  by.className = "by";
  card.replaceChildren(quote, by);
  desk.append(card);
  const place = cite.getBoundingClientRect();
  card.style.left = `${Math.max(12, Math.min(place.left, window.innerWidth - card.offsetWidth - 12))}px`;
  const below = place.bottom + 8;
  card.style.top = `${below + card.offsetHeight > window.innerHeight ? place.top - card.offsetHeight - 8 : below}px`;
}

function hideCard() {
  clearTimeout(waiting);
  document.querySelector("#dateline-card")?.remove();
}

for (const [enter, leave] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
  document.addEventListener(enter, (event) => {
    const cite = event.target.closest?.(".answer .cite");
    if (!cite) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => showCard(cite), CARD_MS);
  });
  document.addEventListener(leave, (event) => {
    if (event.target.closest?.(".answer .cite")) hideCard();
  });
}
