// What is new: a followed topic is let go. Runs once, with `element` and `trigger` given by Gradio; what it
// triggers is answered by page/news.py.
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-unfollow]");
  if (button) trigger("unfollow", { topic: button.dataset.unfollow });
});
