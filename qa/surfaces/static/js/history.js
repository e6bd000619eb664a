// Conversations of this browser: their questions and the ids of their answers; the answers are the server's.

const CONVERSATIONS = "dateline-conversations";
const CURRENT = "dateline-current";
const MOST = 200; // conversations
const UNDO_MS = 8000;

const conversations = () => JSON.parse(localStorage.getItem(CONVERSATIONS) || "[]");
const keep = (all) => localStorage.setItem(CONVERSATIONS, JSON.stringify(all.slice(0, MOST)));

function remember(log) {
  const ids = (log || []).map((answer) => answer.id).filter(Boolean);
  if (!ids.length) return;
  const all = conversations();
  const current = localStorage.getItem(CURRENT);
  const known = all.find((one) => one.id === current && one.answers.some((id) => ids.includes(id)));
  const same = all.find((one) => one.answers.at(-1) === ids.at(-1));
  const mine = known || same || { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), name: log[0].question };
  const changed = (mine.answers || []).join() !== ids.join();
  Object.assign(mine, { answers: ids, at: changed ? Date.now() : mine.at });
  localStorage.setItem(CURRENT, mine.id);
  keep(changed ? [mine, ...all.filter((one) => one.id !== mine.id)] : all);
}

function dialog(name, label) {
  let there = document.getElementById(name);
  if (!there) {
    there = document.createElement("dialog");
    there.id = name;
    there.ariaLabel = label;
    desk.append(there);
    there.addEventListener("click", (event) => event.target === there && there.close());
  }
  return there;
}

function made(tag, fields = {}, ...children) {
  const node = Object.assign(document.createElement(tag), fields);
  node.append(...children);
  return node;
}

function showHistory() {
  const box = dialog("conversations", "Conversations");
  const search = made("input", { type: "search", placeholder: "Search conversations", ariaLabel: "Search conversations" });
  const list = made("ul");
  const said = made("p", { className: "undo" });
  said.setAttribute("role", "status");
  const shut = made("button", { type: "button", className: "shut", textContent: "Close" });
  shut.addEventListener("click", () => box.close());
  search.addEventListener("input", () => fill(list, said, search.value));
  box.replaceChildren(made("header", {}, made("h2", { textContent: "Conversations" }), shut), search, list, said);
  fill(list, said, "");
  box.showModal();
  search.focus();
}

function fill(list, said, words) {
  const wanted = words.trim().toLowerCase();
  const found = conversations().filter((one) => one.name.toLowerCase().includes(wanted));
  const empty = made("li", { className: "empty", textContent: wanted ? `No conversation has “${words.trim()}” in its name.` : "What you ask is listed here, in this browser only." });
  list.replaceChildren(...(found.length ? found.map((one) => item(one, () => fill(list, said, words), said)) : [empty]));
}

function item(one, refill, said) {
  const count = one.answers.length;
  const open = made("button", { type: "button", className: "reopen" }, one.name, made("span", { className: "by", textContent: `${new Date(one.at).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric" })} · ${count} answer${count === 1 ? "" : "s"}` }));
  const rename = made("button", { type: "button", textContent: "Rename", ariaLabel: `Rename ${one.name}` });
  const remove = made("button", { type: "button", textContent: "Delete", ariaLabel: `Delete ${one.name}` });
  const row = made("li", {}, open, rename, remove);
  open.addEventListener("click", () => {
    localStorage.setItem(CURRENT, one.id);
    trigger("reopen", { ids: one.answers });
    document.getElementById("conversations").close();
    goTo("Ask");
  });
  rename.addEventListener("click", () => {
    const name = made("input", { value: one.name, ariaLabel: "New name" });
    const done = () => {
      if (name.value.trim()) keep(conversations().map((other) => (other.id === one.id ? { ...other, name: name.value.trim() } : other)));
      refill();
    };
    name.addEventListener("keydown", (event) => {
      if (event.key === "Enter") done();
      if (event.key === "Escape") {
        event.preventDefault();
        refill();
      }
    });
    name.addEventListener("blur", done);
    open.replaceWith(name);
    name.select();
  });
  remove.addEventListener("click", () => {
    const before = conversations();
    keep(before.filter((other) => other.id !== one.id));
    refill();
    const undo = made("button", { type: "button", textContent: "Undo" });
    undo.addEventListener("click", () => {
      keep(before);
      said.replaceChildren();
      refill();
    });
    said.replaceChildren(`Deleted “${one.name}”. `, undo);
    undo.focus();
    setTimeout(() => undo.isConnected && said.replaceChildren(), UNDO_MS);
  });
  return row;
}
