// A form in which something was changed is not left without a word.

const forms = [...document.querySelectorAll("form[data-kept]")];
// What a page gives back unsaved is unsaved still.
const isUnsaved = document.querySelector("[data-unsaved]") !== null;
let sent;
let isMeant = false;

function isChanged(form) {
  return [...form.elements].some((one) => {
    if (one.type === "hidden") return false;
    if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
    if (one.options) return !isAsItCame(one);
    return "defaultValue" in one && one.value !== one.defaultValue;
  });
}

// Where no option was marked as chosen, the first one is.
function isAsItCame({ options, selectedIndex }) {
  const marked = [...options].findIndex((option) => option.defaultSelected);
  return selectedIndex === Math.max(marked, 0) || !options.length;
}

window.addEventListener("beforeunload", (event) => {
  if (isMeant) return;
  const left = forms.filter((form) => form !== sent);
  if (left.some(isChanged) || (isUnsaved && !sent)) event.preventDefault();
});
for (const form of forms) form.addEventListener("submit", () => { sent = form; });
for (const link of document.querySelectorAll("[data-leaves]")) {
  link.addEventListener("click", () => { isMeant = true; });
}
window.addEventListener("pageshow", () => {
  sent = undefined;
  isMeant = false;
});
