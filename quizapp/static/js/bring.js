// Files can be dropped on the page, and what is too large is said before it is sent.
// Without this module one chooses files, and the server says it.

const form = document.querySelector("[data-bring]");
const { files } = form.elements;
const list = form.querySelector("[data-drop-list]");
const button = form.querySelector("[type=submit]");
const said = form.dataset;

form.querySelector("[data-drop-hint]").hidden = false;

const carriesFiles = (event) => [...event.dataTransfer.types].includes("Files");

document.addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.add("is-dropping");
});
document.addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("is-dropping");
});
document.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  document.body.classList.remove("is-dropping");
  const all = new DataTransfer();
  for (const file of [...files.files, ...event.dataTransfer.files]) all.items.add(file);
  files.files = all.files;
  look();
});
form.addEventListener("change", look);
form.addEventListener("submit", (event) => {
  if (look()) {
    event.preventDefault();
    list.focus();
    return;
  }
  button.disabled = true;
  button.textContent = said.sending;
});
// Back from the preview: the button works again.
window.addEventListener("pageshow", (event) => event.persisted && location.reload());

// Says what is chosen, or what is wrong with it; whether something is wrong.
function look() {
  const chosen = [...files.files, ...form.elements.folder.files];
  const large = chosen.find((file) => file.size > said.mostBytes);
  const sum = chosen.reduce((total, file) => total + file.size, 0);
  let wrong = "";
  if (files.files.length > said.mostFiles) wrong = said.tooMany.replace("{n}", said.mostFiles);
  else if (large) wrong = said.tooLarge.replace("{name}", large.name);
  else if (sum > said.mostTotal) wrong = said.tooMuch;
  const names = chosen.slice(0, 8).map((file) => file.name);
  if (chosen.length > names.length) names.push(`… (${chosen.length})`);
  list.textContent = wrong || (names.length ? said.chosen.replace("{files}", names.join(", ")) : "");
  list.classList.toggle("field-error", Boolean(wrong));
  return Boolean(wrong);
}
