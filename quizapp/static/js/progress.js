// Shows how far the worker is, and the result when it is there.
// Without this module the page loads itself anew every few seconds.

const PAUSE_MS = 1000;
const LONGEST_MS = 10000;

const bar = document.querySelector("[data-progress-bar]");
const figures = document.querySelector("[data-progress-figures]");
let pause = PAUSE_MS;

setTimeout(ask, PAUSE_MS);

async function ask() {
  try {
    const answer = await fetch(location.href, {
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    if (!answer.ok) return location.reload(); // signed out, or gone
    const { ended, done, total } = await answer.json();
    if (ended) return location.reload();
    if (total) {
      bar.max = total;
      bar.value = done;
      figures.textContent = `${done}/${total}`;
      document.querySelector("[data-progress-said]").textContent = "";
    }
    pause = PAUSE_MS;
  } catch {
    pause = Math.min(pause * 2, LONGEST_MS); // the line is down
  }
  setTimeout(ask, pause);
}
