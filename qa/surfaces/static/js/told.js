// What was told of a topic: shows all days again where the chosen ones have nothing.
element.addEventListener("click", (event) => {
  if (event.target.closest(".all-days")) trigger("clear", {});
});
