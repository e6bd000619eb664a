// The list of feeds: loads one again, or takes it off the list. Runs once, with `element` and `trigger` given
// by Gradio; what it triggers is answered by page/add.py.

element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-feed]");
  if (!button) return;
  const again = button.classList.contains("again");
  if (again) button.disabled = true;
  trigger(again ? "retry" : "clear", { address: button.dataset.feed });
});
