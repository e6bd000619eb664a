// Buttons anywhere on the page that do what a reader would type elsewhere: `data-ask` asks a question,
// `data-topic` shows a topic over time, `data-follow` follows it.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-ask], [data-topic], [data-follow]");
  if (!button) return;
  const { ask, topic, follow } = button.dataset;
  if (ask) put("Ask", "#question", ask);
  else if (topic) put("Timeline", "#topic", topic);
  else followTopic(follow);
});

// Opening "New" tells of it with what is followed by then: a topic is followed after that, or it would be forgotten.
function followTopic(topic) {
  const submit = () => put("New", "#follow", topic);
  const open = document.querySelector("#tabs [role=tab][aria-selected=true]")?.textContent.trim() === "New";
  if (open) return submit();
  document.addEventListener("news-told", submit, { once: true });
  goTo("New");
}

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
