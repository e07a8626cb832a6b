// While one types, the preview follows; a problem's line leads to its place in the text; a text
// that was changed is not left without a word. Without this module there is a button for it.

const editor = document.querySelector("[data-editor]");
const text = editor.querySelector("textarea[name=text]");
const here = editor.querySelector("[data-preview-here]");
const form = text.form;
const begun = text.value;
let timer;
let asked = 0;

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, 500);
});

async function look() {
  const mine = ++asked;
  const body = new FormData(form);
  try {
    const answer = await fetch(editor.dataset.preview, { method: "POST", body });
    if (!answer.ok || mine !== asked) return;
    here.innerHTML = await answer.text();
  } catch {
    // No line: the next key tries again, and saving says what is wrong.
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-goto]");
  if (!link) return;
  event.preventDefault();
  const field = document.getElementById(link.dataset.goto);
  const lines = field.value.split("\n");
  const first = Number(link.dataset.line) - 1;
  const start = lines.slice(0, first).join("\n").length + (first ? 1 : 0);
  field.focus();
  field.setSelectionRange(start, start + (lines[first] ?? "").length);
  const height = Number.parseFloat(getComputedStyle(field).lineHeight);
  field.scrollTop = Math.max(0, (first - 4) * height);
});

window.addEventListener("beforeunload", (event) => {
  if (text.value !== begun && !form.dataset.sent) event.preventDefault();
});
form.addEventListener("submit", () => {
  form.dataset.sent = "yes";
});
