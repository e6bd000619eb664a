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

function put(tab, box, words) {
  goTo(tab); // of answers.js
  once(`${box} .submit-button`, (button) => {
    const field = document.querySelector(`${box} textarea, ${box} input`);
    field.value = words;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    requestAnimationFrame(() => button.click());
  });
}

// Files that are dropped anywhere are laid into the form that adds articles.
document.addEventListener("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
document.addEventListener("drop", (event) => {
  const { files } = event.dataTransfer;
  if (!files.length || event.target.closest("#add")) return;
  event.preventDefault();
  goTo("Articles", true);
  once("#add input[type=file]", (input) => {
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
});
