// Buttons that move an entry up or down and fill in the places. Without this module, and beside
// it, the places are chosen from their lists.

const UP = "m3.500 10 4.500-4.500L12.500 10";
const DOWN = "m3.500 6 4.500 4.500L12.500 6";

for (const group of document.querySelectorAll("[data-ordering]")) equip(group);
// A question that a script added to the page.
document.addEventListener("question", ({ target }) => {
  for (const group of target.querySelectorAll("[data-ordering]")) equip(group);
});

function equip(group) {
  const hint = group.querySelector("[data-ordering-hint]");
  const entries = () => [...group.querySelectorAll("[data-entry]")];
  const placeOf = (entry) => entry.querySelector("select");
  const given = () => entries().map((entry) => placeOf(entry).value);
  const isFull = () => new Set(given().filter(Boolean)).size === entries().length;

  for (const entry of entries()) {
    const moves = document.createElement("span");
    moves.className = "moves";
    moves.append(button(entry, -1), button(entry, 1));
    entry.append(moves);
  }
  if (isFull()) arrange();
  limit();
  group.closest("form")?.addEventListener("filled", () => {
    if (isFull()) arrange();
    limit();
  });
  group.addEventListener("change", () => {
    const chosen = given().filter(Boolean);
    hint.hidden = new Set(chosen).size === chosen.length;
  });

  function button(entry, step) {
    const made = document.createElement("button");
    const text = entry.querySelector("label").textContent.trim();
    made.type = "button";
    made.className = "move";
    made.dataset.step = step;
    made.setAttribute("aria-label", `${step < 0 ? group.dataset.up : group.dataset.down}: ${text}`);
    made.append(arrow(step < 0 ? UP : DOWN));
    made.addEventListener("click", () => move(entry, step, made));
    return made;
  }

  function move(entry, step, pressed) {
    if (isFull()) arrange();
    const rows = entries();
    const other = rows[rows.indexOf(entry) + step];
    if (!other) return;
    if (step < 0) other.before(entry);
    else other.after(entry);
    entries().forEach((row, index) => {
      placeOf(row).value = String(index + 1);
      row.classList.toggle("is-moved", row === entry);
    });
    limit();
    pressed.focus(); // moving a row in the page takes the focus from it
    placeOf(entry).dispatchEvent(new Event("change", { bubbles: true }));
    pressed.setAttribute("aria-description", `${group.dataset.place} ${placeOf(entry).value}`);
  }

  // Rows stand as the places say.
  function arrange() {
    const rows = entries().sort((a, b) => placeOf(a).value - placeOf(b).value);
    for (const row of rows) hint.before(row);
  }

  function limit() {
    const rows = entries();
    rows.forEach((row, index) => {
      const [up, down] = row.querySelectorAll(".move");
      up.setAttribute("aria-disabled", index === 0);
      down.setAttribute("aria-disabled", index === rows.length - 1);
    });
  }
}

function arrow(path) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "path");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}
