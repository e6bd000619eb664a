// The article beside the chat. Runs once, with `element`, `props` and `server` given by Gradio.
// A click on anything that names an article opens it; Escape closes it and gives the focus back.

const NARROW = window.matchMedia("(max-width: 1023px)"); // the same width as in page.css
const desk = document.getElementById("desk"); // Gradio confines our CSS to its container, so no class on body
let opener = null;

async function open(button) {
  const { articleId: id, revision, start, end } = button.dataset;
  opener = button;
  const html = await server.open_article({
    id,
    revision: revision || null,
    start: start ? Number(start) : null,
    end: end ? Number(end) : null,
  });
  props.value = html;
  requestAnimationFrame(() => requestAnimationFrame(show));
}

function show() {
  desk.classList.add("source-open");
  hold(NARROW.matches);
  const source = element.querySelector(".source");
  const quoted = source.querySelector("mark.quoted");
  source.scrollTop = 0;
  if (quoted) {
    const offset = quoted.getBoundingClientRect().top - source.getBoundingClientRect().top;
    source.scrollTop = Math.max(0, offset - source.clientHeight / 3);
  }
  element.querySelector(".close").focus({ preventScroll: true });
}

function close() {
  if (!desk.classList.contains("source-open")) return;
  desk.classList.remove("source-open");
  hold(false);
  if (opener && opener.isConnected) opener.focus({ preventScroll: true });
}

// On a phone the article covers the chat: what is behind it can be neither read nor reached.
function hold(covered) {
  for (const id of ["main", "masthead"]) {
    const part = document.getElementById(id);
    if (part) part.inert = covered;
  }
  document.body.style.overflow = covered ? "hidden" : "";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-article-id]");
  if (button) open(button);
  else if (event.target.closest("#panel .close") || event.target.id === "aside") close();
  else if (event.target.closest(".masthead .theme")) switchTheme();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
NARROW.addEventListener("change", () => hold(NARROW.matches && desk.classList.contains("source-open")));

// A new question that stands low comes to the top of the window, so that its answer grows in sight.
// Days get the browser's picker, and Gradio's examples the role that their buttons fit in.
const LOW = 0.35; // of the window's height
let asked = 0;
new MutationObserver(() => {
  const questions = document.querySelectorAll("#chat .asked");
  const newest = questions[questions.length - 1];
  if (questions.length > asked) requestAnimationFrame(() => bringUp(newest));
  asked = questions.length;
  for (const list of document.querySelectorAll("#chat .examples[role=list]")) list.setAttribute("role", "group");
  for (const input of document.querySelectorAll(".day input:not([type=date])")) input.type = "date";
}).observe(document.body, { childList: true, subtree: true });

function bringUp(question) {
  const { top } = question.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight * LOW) question.scrollIntoView({ block: "start" });
}

function switchTheme() {
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("dateline-theme", dark ? "dark" : "light");
}
const theme = localStorage.getItem("dateline-theme");
if (theme) document.body.classList.toggle("dark", theme === "dark");

window.dateline = {
  save(name, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
    link.download = name;
    link.click();
    URL.revokeObjectURL(link.href);
  },
};
