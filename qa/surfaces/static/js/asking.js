// A button with `data-ask` anywhere on the page asks that question in the conversation; one with `data-topic`
// shows that topic over time. Both go where a reader would have typed it.

document.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-ask]");
  const topic = event.target.closest("[data-topic]");
  if (asked) put("ask", "#question", asked.dataset.ask);
  if (topic) put("timeline", "#topic", topic.dataset.topic);
});

function put(tab, box, words) {
  document.querySelector(`#tabs [role=tab][data-tab-id="${tab}"]`)?.click();
  const field = document.querySelector(`${box} textarea, ${box} input`);
  field.value = words;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => document.querySelector(`${box} .submit-button`)?.click());
}
