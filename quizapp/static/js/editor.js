// While one types, the preview follows; a problem's line leads to its place in the text; a text
// that was changed is not left without a word. Without this module there is a button for it.

const editor = document.querySelector("[data-editor]");
const text = editor.querySelector("textarea[name=text]");
const here = editor.querySelector("[data-preview-here]");
const forms = [text.form, document.querySelector("[data-editor-fields]")].filter(Boolean);
let timer;
let asked = 0;
let sent;

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

const isChanged = (form) =>
  [...form.elements].some((one) => "defaultValue" in one && one.value !== one.defaultValue);
// What a page gives back unsaved is unsaved still.
const isUnsaved = document.querySelector("[data-unsaved]") !== null;

window.addEventListener("beforeunload", (event) => {
  const left = forms.filter((form) => form !== sent);
  if (left.some(isChanged) || (isUnsaved && !sent)) event.preventDefault();
});
for (const form of forms) form.addEventListener("submit", () => { sent = form; });
window.addEventListener("pageshow", () => { sent = undefined; });
