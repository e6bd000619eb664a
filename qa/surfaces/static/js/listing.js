// The list of articles: pages, choosing several, removing them, and the day of an undated one.
// Runs once, with `element` and `trigger` given by Gradio; what it triggers is answered by page/articles.py.

const ticked = () => [...element.querySelectorAll(".tick input:checked")];

function choose(on) {
  element.classList.toggle("choosing", on);
  element.querySelector(".pick").setAttribute("aria-pressed", String(on));
  if (!on) for (const box of element.querySelectorAll(".tick input")) box.checked = false;
  count();
}

function count() {
  const bar = element.querySelector(".picked");
  const number = ticked().length;
  bar.hidden = !element.classList.contains("choosing");
  bar.querySelector(".how-many").textContent = `${number} selected`;
  for (const act of bar.querySelectorAll(".remove, .only")) act.disabled = number === 0;
  const chosen = ticked().map((box) => ({ id: box.value, title: box.dataset.title }));
  bar.querySelector(".only").dataset.several = JSON.stringify(chosen);
}

const ACTIONS = {
  ".pick": () => choose(!element.classList.contains("choosing")),
  ".leave": () => { choose(false); element.querySelector(".pick").focus(); },
  ".remove": () => leave("remove", { ids: ticked().map((box) => box.value) }),
  ".put-back": () => trigger("undo", {}),
  ".clear": () => trigger("clear", {}),
  "[data-page]": (button) => { trigger("select", { page: Number(button.dataset.page) }); element.scrollIntoView({ block: "start" }); },
  ".date": (button) => ask(button),
  "[data-date]": (button) => keep(button),
};

function leave(event, data) {
  element.classList.remove("choosing");
  trigger(event, data);
  new MutationObserver((_, observer) => {
    element.querySelector(".put-back")?.focus();
    observer.disconnect();
  }).observe(element, { childList: true, subtree: true });
}

function ask(button) {
  const form = button.closest("li").querySelector(".dating");
  form.hidden = !form.hidden;
  button.setAttribute("aria-expanded", String(!form.hidden));
  if (!form.hidden) form.querySelector("input").focus();
}

function keep(button) {
  const input = button.closest(".dating").querySelector("input");
  if (input.reportValidity()) trigger("edit", { id: button.dataset.date, day: input.value });
}

element.addEventListener("click", (event) => {
  for (const [name, act] of Object.entries(ACTIONS)) {
    const button = event.target.closest(name);
    if (button && element.contains(button)) act(button);
  }
});
element.addEventListener("change", (event) => {
  if (event.target.closest(".tick")) count();
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".dating input")) keep(event.target.closest(".dating").querySelector("[data-date]"));
});
