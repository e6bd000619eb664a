// The list of articles: asks before it removes one. Runs once, with `element` and `trigger` given by Gradio.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (!button) return;
  const title = button.closest("li").querySelector(".title").textContent;
  if (window.confirm(`Remove “${title}”?`)) trigger("remove", { id: button.dataset.remove });
});
