// Whoever sees what a notice is about has read the notice: the page says so by itself. Without
// this module, or without a line, there is a button for it.

const form = document.querySelector("[data-seen]");

try {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: "application/json" },
    redirect: "error",
  });
  if (answer.ok) show(await answer.json());
} catch {
  // The button stays.
}

function show({ unread, said }) {
  form.querySelector("button").hidden = true;
  const count = document.querySelector("[data-unread]");
  const words = document.querySelector("[data-unread-said]");
  if (unread) {
    if (count) count.firstChild.data = unread;
    if (words) words.textContent = said;
  } else {
    count?.remove();
    if (words) words.parentNode.replaceChildren(words.parentNode.firstChild.data.replace(/\s*\($/, ""));
  }
}
