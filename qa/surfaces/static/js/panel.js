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
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
NARROW.addEventListener("change", () => hold(NARROW.matches && desk.classList.contains("source-open")));
