// What is no component's: the newest question comes up, light and dark, files to save.

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

document.addEventListener("click", (event) => {
  if (!event.target.closest(".masthead .theme")) return;
  const dark = document.body.classList.toggle("dark");
  localStorage.setItem("dateline-theme", dark ? "dark" : "light");
});
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
