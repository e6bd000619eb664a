// What is no component's: the newest question comes up, keys, light and dark, files to save, a lost server.

// A new question that stands low comes to the top of the window, so that its answer grows in sight.
// Days get the browser's picker.
const LOW = 0.35; // of the window's height
let asked = 0;
let presented = null; // the answer whose sources are shown
const UNSENT = "dateline-unsent";
let unsent = sessionStorage.getItem(UNSENT); // a question from before the page was loaded anew
new MutationObserver(() => {
  const questions = document.querySelectorAll("#chat .asked");
  const newest = questions[questions.length - 1];
  if (questions.length > asked) requestAnimationFrame(() => bringUp(newest));
  asked = questions.length;
  for (const input of document.querySelectorAll(".day input:not([type=date])")) input.type = "date";
  const answers = document.querySelectorAll("#chat .answer:has(.acts)");
  const whole = [...answers].pop() ?? null;
  const told = whole && `${answers.length} ${whole.querySelector(".acts .copy").dataset.copy}`;
  if (told !== presented) {
    presented = told;
    present(whole);
  }
  offer(whole);
  thank();
  restoreUnsent();
}).observe(document.body, { childList: true, subtree: true });

// What to ask next comes a moment after its answer, and only if that is still the last one.
function offer(whole) {
  const offered = document.querySelector("#offers .options");
  for (const one of document.querySelectorAll("#chat .options")) if (!whole?.contains(one) || !offered) one.remove();
  const id = whole?.querySelector("[data-link]")?.dataset.link ?? "";
  if (!offered || !whole || offered.dataset.after !== id || whole.querySelector(".options")) return;
  whole.append(offered.cloneNode(true));
}

function bringUp(question) {
  const { top } = question.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight * LOW) question.scrollIntoView({ block: "start" });
}

const box = () => document.querySelector("#question textarea");
const focusBox = () => box()?.focus();

// Keys. Letters and signs count only where nothing is typed.

const KEYS = [
  ["/  or  Ctrl K", "to the question box"],
  ["Enter", "ask"],
  ["↑", "in the empty box: the last question"],
  ["[  and  ]", "previous and next citation of the last answer"],
  ["Escape", "close the article"],
  ["?", "these keys"],
];

function showKeys() {
  const there = dialog("keys", "Keys");
  const shut = made("button", { type: "button", className: "shut", textContent: "Close" });
  shut.addEventListener("click", () => there.close());
  const rows = KEYS.flatMap(([key, does]) => [made("dt", {}, made("kbd", { textContent: key })), made("dd", { textContent: does })]);
  there.replaceChildren(made("header", {}, made("h2", { textContent: "Keys" }), shut), made("dl", {}, ...rows));
  there.showModal();
}

function stepCitation(by) {
  const last = [...document.querySelectorAll("#chat .answer")].pop();
  const all = [...(last?.querySelectorAll("blockquote .cite, .near") ?? [])];
  if (!all.length) return;
  const now = all.findIndex((one) => one === opener || one === document.activeElement);
  const next = all[now < 0 ? (by > 0 ? 0 : all.length - 1) : (now + by + all.length) % all.length];
  next.scrollIntoView({ block: "nearest" });
  open(next);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
  const other = event.altKey || event.metaKey || event.ctrlKey;
  if (document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    goTo("Ask");
    focusBox();
  } else if (event.key === "ArrowUp" && event.target === box() && !box().value) {
    const last = [...document.querySelectorAll("#chat .asked")].pop();
    if (!last) return;
    event.preventDefault();
    fillBox(last.textContent);
  } else if (typing || other) {
    return;
  } else if (event.key === "/") {
    event.preventDefault();
    goTo("Ask");
    focusBox();
  } else if (event.key === "[" || event.key === "]") stepCitation(event.key === "[" ? -1 : 1);
  else if (event.key === "?") showKeys();
});

// A question to a server that is gone stays: Gradio reloads the page once the server is back, and clears the box.

function restoreUnsent() {
  if (!unsent || !box() || box().value) return;
  fillBox(unsent);
  unsent = null;
  sessionStorage.removeItem(UNSENT);
}

function fillBox(question) {
  box().value = question;
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

async function checkSent() {
  const question = box()?.value.trim();
  const line = document.querySelector("#unsent .unsent");
  if (!question) return;
  try {
    await fetch("./health", { cache: "no-store" });
    line.replaceChildren();
    sessionStorage.removeItem(UNSENT);
  } catch {
    sessionStorage.setItem(UNSENT, question);
    const retry = made("button", { type: "button", textContent: "Try again" });
    retry.addEventListener("click", () => {
      const sent = document.querySelector("#question .submit-button");
      if (sent) sent.click();
      else checkSent();
    });
    line.replaceChildren(`Not sent, for the server does not answer: “${question}” `, retry);
  }
}

document.addEventListener("keydown", (event) => event.key === "Enter" && !event.shiftKey && event.target === box() && checkSent(), true);
document.addEventListener("click", (event) => event.target.closest("#question .submit-button") && checkSent(), true);


// On a phone what stands below the box opens by a button beside it.

document.addEventListener("click", (event) => {
  if (!event.target.closest("#more")) return;
  const open = document.getElementById("dock").classList.toggle("tools-open");
  document.getElementById("more").ariaExpanded = String(open);
});

// Light and dark

document.addEventListener("click", (event) => {
  if (!event.target.closest(".masthead .theme")) return;
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("dateline-theme", dark ? "dark" : "light");
});
const theme = localStorage.getItem("dateline-theme");
if (theme) document.body.classList.toggle("dark", theme === "dark");

// An answer that an address opened is in the conversation now: a reload shows that.
const address = new URL(location.href);
if (address.searchParams.has("answer")) {
  localStorage.removeItem(CURRENT);
  setTimeout(() => {
    address.searchParams.delete("answer");
    history.replaceState(null, "", address);
  }, 4000); // the page's first event has gone by then, and carries the address
}

window.dateline = {
  remember,
  history: showHistory,
  keys: showKeys,
  begin() {
    localStorage.removeItem(CURRENT);
    fillBox("");
    focusBox();
  },
  save(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
};
