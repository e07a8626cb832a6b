// Keying by the keyboard: a letter chooses its option, with Shift one more; Enter saves and goes
// on, arrows go to the question before or after. The keys work while the focus is in the form, as
// it is from the start. Without this module one ticks and clicks.

const form = document.querySelector("[data-keying]");
const boxes = [...form.querySelectorAll("input[name=option]")];
form.querySelector("[data-keying-hint]").hidden = false;

form.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const move = { ArrowLeft: "[data-keying-back]", ArrowRight: "[data-keying-next]" }[event.key];
  if (move) {
    form.querySelector(move)?.click();
  } else if (event.key === "Enter" && !event.target.closest("a, button")) {
    event.preventDefault();
    if (!event.repeat) form.requestSubmit();
  } else if (event.key.length === 1) {
    const index = event.key.toUpperCase().charCodeAt(0) - 65;
    const digit = Number.parseInt(event.key, 10) - 1;
    choose(boxes[index] ?? boxes[digit], event.shiftKey);
  }
});

function choose(box, more) {
  if (!box) return;
  if (more) box.checked = !box.checked;
  else for (const one of boxes) one.checked = one === box;
  box.focus();
}
