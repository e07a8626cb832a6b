// A part shows only the fields that its choice needs, and after a button the page goes on where
// one was. Without this module all fields are there, and those that are not needed are not read.

for (const part of document.querySelectorAll("[data-part]")) {
  const what = part.querySelector("[data-what]");
  const count = part.querySelector("[data-n]");
  const items = part.querySelector("[data-items]");
  const fit = () => {
    count.hidden = what.value === "all" || what.value === "items";
    if (!items) return;
    items.hidden = what.value !== "items";
    items.open = !items.hidden;
  };
  fit();
  what.addEventListener("change", fit);
}

const { here } = document.querySelector("[data-quiz-form]").dataset;
const parts = document.querySelectorAll("[data-part] [data-what]");
if (here) {
  const target = here === "add" ? parts[parts.length - 1] : document.querySelector("[data-add]");
  target?.focus();
}
