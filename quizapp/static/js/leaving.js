// A form in which something was changed is not left without a word.

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
  const left = [...document.querySelectorAll("form[data-kept]")].filter((form) => form !== sent);
  // What a page gives back unsaved is unsaved still.
  const isUnsaved = document.querySelector("[data-unsaved]") !== null;
  if (left.some(isChanged) || (isUnsaved && !sent)) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented && event.target.matches("form[data-kept]")) sent = event.target;
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-leaves]")) isMeant = true;
});
window.addEventListener("pageshow", () => {
  sent = undefined;
  isMeant = false;
});
