// One key links a question to the section proposed under that number.

const form = document.querySelector("[data-linking]");
form.querySelector("[data-linking-hint]").hidden = false;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.matches("input, textarea, select, summary")) return;
  const wanted = event.key.toLowerCase();
  const target = [...form.querySelectorAll("[data-key]")].find((one) => one.dataset.key === wanted);
  target?.click();
});
