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

async function judge(button) {
  const place = button.closest(".verdict");
  const kept = await server.judge({ id: place.dataset.answer, verdict: button.dataset.verdict });
  place.textContent = kept ? "Thanks – kept on this machine" : "This answer is no longer kept here.";
  place.setAttribute("role", "status");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const data = button.dataset;
  if ("copy" in data) copyBy(button, data.copy);
  else if ("link" in data) copyBy(button, `${location.origin}${location.pathname}?answer=${data.link}`);
  else if ("again" in data) again(askedBefore(button).textContent);
  else if ("everywhere" in data) again(askedBefore(button).textContent, { everywhere: true });
  else if ("offer" in data) again(data.offer, { replaces: false });
  else if ("edit" in data) edit(button);
  else if ("verdict" in data) judge(button);
  else if ("drop" in data) trigger("drop", { kind: data.drop, value: data.value });
  else if ("only" in data) {
    const several = data.several && JSON.parse(data.several); // those that were selected in the list
    trigger("only", { articles: several || [{ id: data.only, title: data.title }] });
    if (NARROW.matches) close();
    goTo("Ask");
    focusBox();
  } else if ("goto" in data) goTo(data.goto);
});

function goTo(name) {
  const tab = [...document.querySelectorAll("#tabs [role=tab]")].find((one) => one.textContent.trim() === name);
  tab?.click();
  const form = document.querySelector("#add > button:not(.open)");
  if (name === "Articles" && form) form.click();
}
