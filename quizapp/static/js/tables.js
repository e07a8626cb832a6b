// Gives a wide table of a procedure a frame that scrolls, which the keyboard can reach.
// Without this module the table itself scrolls.

const fit = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

for (const table of document.querySelectorAll(".prose table")) {
  const frame = document.createElement("div");
  frame.className = "table-wrap";
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-labelledby", table.closest("[aria-labelledby]").getAttribute("aria-labelledby"));
  table.before(frame);
  frame.append(table);
  fit.observe(frame);
}
