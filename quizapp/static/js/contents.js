// The contents of a procedure: closed at first on a narrow screen, and beside the text they
// show the part that one reads. Without this module they are open.

const contents = document.querySelector("[data-contents]");
const beside = window.matchMedia("(min-width: 62rem)");

const fit = () => {
  contents.open = beside.matches;
};
fit();
beside.addEventListener("change", fit);

contents.addEventListener("click", (event) => {
  if (!beside.matches && event.target.closest("a")) contents.open = false;
});

// The part that crosses a line a quarter down the window is the one that is read.
const links = new Map();
for (const link of contents.querySelectorAll("[data-toc]")) links.set(link.dataset.toc, link);
const watcher = new IntersectionObserver(
  (entries) => {
    for (const entry of entries) {
      const link = links.get(entry.target.id);
      if (entry.isIntersecting) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  },
  { rootMargin: "-25% 0px -75% 0px" },
);
for (const anchor of links.keys()) watcher.observe(document.getElementById(anchor));
