// While one types, the preview follows; a problem's line leads to its place in the text. Without
// this module there is a button for it.

const editor = document.querySelector("[data-editor]");
const text = editor.querySelector("textarea[name=text]");
const here = editor.querySelector("[data-preview-here]");
let timer;
let asked = 0;

text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, 500);
});

async function look() {
  const mine = ++asked;
  const body = new FormData(text.form);
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
  goTo(document.getElementById(link.dataset.goto), Number(link.dataset.line) - 1);
});

function goTo(field, line) {
  const lines = field.value.split("\n");
  const before = lines.slice(0, line).map((one) => one + "\n").join("");
  field.focus();
  field.setSelectionRange(before.length, before.length + (lines[line] ?? "").length);
  const oneLine = Number.parseFloat(getComputedStyle(field).lineHeight);
  field.scrollTop = Math.max(0, heightOf(field, before) - 4 * oneLine);
}

// Long lines are folded: how high a text stands in a field is measured in a twin of it.
function heightOf(field, content) {
  const twin = field.cloneNode();
  for (const name of ["id", "name"]) twin.removeAttribute(name);
  twin.rows = 1;
  twin.value = content;
  Object.assign(twin.style, { position: "absolute", visibility: "hidden", minHeight: "0", height: "0", width: `${field.offsetWidth}px` });
  field.after(twin);
  const height = twin.scrollHeight;
  twin.remove();
  return height;
}
