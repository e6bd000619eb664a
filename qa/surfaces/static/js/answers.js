// What can be done with an answer: copy, link, ask again, edit, judge; and with the chips of the scope.

const SAID_MS = 1600;

async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea"); // a page that came by plain http may not use the clipboard
  box.value = text;
  desk.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

async function copyBy(button, text) {
  const label = button.textContent;
  await copy(text);
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = label), SAID_MS);
}

function askedBefore(inside) {
  const rows = [...document.querySelectorAll("#chat .message-row")];
  const row = rows.indexOf(inside.closest(".message-row"));
  return rows.slice(0, row + 1).map((one) => one.querySelector(".asked")).filter(Boolean).pop();
}

function again(question, { everywhere = false, replaces = true } = {}) {
  trigger("again", { question, everywhere, replaces });
}

function edit(button) {
  const asked = button.parentElement.querySelector(".asked");
  const form = document.createElement("form");
  form.className = "editing";
  const box = document.createElement("textarea");
  box.value = asked.textContent;
  box.ariaLabel = "Question";
  box.rows = 2;
  const send = Object.assign(document.createElement("button"), { type: "submit", textContent: "Ask" });
  const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
  form.append(box, send, cancel);
  const done = () => {
    form.replaceWith(...held);
    held[1].focus();
  };
  const held = [...button.parentElement.children];
  asked.replaceWith(form);
  button.remove();
  cancel.addEventListener("click", done);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const question = box.value;
    done();
    if (question.trim()) again(question);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") done();
    else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit();
    }
    event.stopPropagation();
  });
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
}

// An answer is judged once, also when the conversation is shown anew.
const JUDGED = "dateline-judged";
const judged = new Set(JSON.parse(localStorage.getItem(JUDGED) || "[]"));

async function judge(button) {
  const place = button.closest(".verdict");
  const { answer: id } = place.dataset;
  const kept = await server.judge({ id, verdict: button.dataset.verdict });
  if (kept) localStorage.setItem(JUDGED, JSON.stringify([...judged.add(id)].slice(-MOST)));
  place.setAttribute("role", "status");
  place.textContent = kept ? THANKS : "This answer is no longer kept here.";
  place.tabIndex = -1; // the button that had the focus is gone
  place.focus();
}

const THANKS = "Thanks – kept on this machine";
function thank() {
  for (const place of document.querySelectorAll(".verdict:has(button)")) if (judged.has(place.dataset.answer)) place.textContent = THANKS;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (event.isTrusted && button.matches("#add > button")) unfolding = 0;
  const data = button.dataset;
  if ("copy" in data) copyBy(button, data.copy);
  else if ("link" in data) copyBy(button, `${location.origin}${location.pathname}?answer=${data.link}`);
  else if ("again" in data) again(askedBefore(button).textContent);
  else if ("everywhere" in data) again(askedBefore(button).textContent, { everywhere: true });
  else if ("offer" in data) {
    again(data.offer, { replaces: false });
    // The button goes, and with it the focus; on a phone a keyboard would come.
    if (!NARROW.matches) focusBox();
  } else if ("edit" in data) edit(button);
  else if ("verdict" in data) judge(button);
  else if ("drop" in data) trigger("drop", { kind: data.drop, value: data.value });
  else if ("only" in data) {
    const several = data.several && JSON.parse(data.several); // those that were selected in the list
    trigger("only", { articles: several || [{ id: data.only, title: data.title }] });
    if (NARROW.matches) close();
    goTo("Ask");
    focusBox();
  } else if ("goto" in data) goTo(data.goto, true);
});

function goTo(name, adding = false) {
  const tab = [...document.querySelectorAll("#tabs [role=tab]")].find((one) => one.textContent.trim() === name);
  tab?.click();
  if (adding && name === "Articles") {
    unfolding = performance.now() + PATIENCE_MS;
    unfold();
  }
}

// A tab that is shown for the first time draws its form twice, the second time shut: it is opened until a
// reader shuts it.
let unfolding = 0;
function unfold() {
  if (performance.now() > unfolding) return;
  document.querySelector("#add > button:not(.open)")?.click();
  requestAnimationFrame(unfold);
}

// A tab that was never open has nothing in it yet: acts as soon as it is there.
const PATIENCE_MS = 5000;
function once(selector, act, until = performance.now() + PATIENCE_MS) {
  requestAnimationFrame(() => {
    const there = document.querySelector(selector);
    if (there) act(there);
    else if (performance.now() < until) once(selector, act, until);
  });
}
