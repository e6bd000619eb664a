// Finds words in the opened article, marked by the browser itself (CSS.highlights): the text stays as it is.

const FOUND = "dateline-found";
let places = [];
let at = 0;

function find(words) {
  places = [];
  const wanted = words.trim().toLowerCase();
  const body = element.querySelector(".source-body");
  if (wanted && body) {
    const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.data.toLowerCase();
      for (let start = text.indexOf(wanted); start >= 0; start = text.indexOf(wanted, start + wanted.length)) {
        const range = new Range();
        range.setStart(walker.currentNode, start);
        range.setEnd(walker.currentNode, start + wanted.length);
        places.push(range);
      }
    }
  }
  at = 0;
  window.CSS?.highlights?.set(FOUND, new Highlight(...places));
  say(wanted);
}

function say(wanted) {
  const count = element.querySelector(".find-count");
  count.textContent = !wanted ? "" : places.length ? `${at + 1} of ${places.length}` : "none";
  if (places.length) bring(places[at]);
}

element.addEventListener("input", (event) => {
  if (event.target.matches(".find")) find(event.target.value);
});
element.addEventListener("keydown", (event) => {
  if (!event.target.matches(".find") || event.key !== "Enter" || !places.length) return;
  event.preventDefault();
  at = (at + (event.shiftKey ? places.length - 1 : 1)) % places.length;
  say(event.target.value.trim());
});
