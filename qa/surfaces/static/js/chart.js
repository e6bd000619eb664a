// The chart of days: a bar chooses its days, or all again when they are chosen already. Runs once, with
// `element` and `trigger` given by Gradio; what it triggers is answered by page/timeline.py.

element.addEventListener("click", (event) => {
  const bar = event.target.closest(".bar");
  if (!bar) return;
  const { since, until } = bar.dataset;
  trigger("select", bar.getAttribute("aria-pressed") === "true" ? { since: "", until: "" } : { since, until });
});
