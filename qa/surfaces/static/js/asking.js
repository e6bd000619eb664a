// Buttons anywhere on the page that do what a reader would type elsewhere: `data-ask` asks a question,
// `data-topic` shows a topic over time, `data-follow` follows it.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask], [data-topic], [data-follow]");
  if (!button) return;
  const { ask, topic, follow } = button.dataset;
  if (ask) put("Ask", "#question", ask);
  else if (topic) put("Timeline", "#topic", topic);
  else put("New", "#follow", follow);
});

// A tab that was never open has no box yet.
const PATIENCE_MS = 5000;
function put(tab, box, words) {
  goTo(tab); // of answers.js
  const until = performance.now() + PATIENCE_MS;
  const fill = () => {
    const field = document.querySelector(`${box} textarea, ${box} input`);
    const button = document.querySelector(`${box} .submit-button`);
    if (!field || !button) {
      if (performance.now() < until) requestAnimationFrame(fill);
      return;
    }
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => button.click());
  };
  requestAnimationFrame(fill);
}
