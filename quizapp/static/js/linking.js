// One key links a question to the section proposed under that number. The keys work while the
// focus is among the question and its sections, not in a field.

const area = document.querySelector("[data-linking]");
area.querySelector("[data-linking-hint]").hidden = false;
let gone = false;

area.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || gone) return;
  if (event.target.matches("input, textarea, select, summary")) return;
  const wanted = event.key.toLowerCase();
  const target = [...area.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted);
  if (!target) return;
  gone = true; // one press, one question
  target.click();
});

// Coming back from the next page, the keys work again.
window.addEventListener("pageshow", () => {
  gone = false;
});
