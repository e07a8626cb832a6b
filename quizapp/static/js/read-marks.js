// Marks a section as read without leaving the place. Without this module the form does it.

const bar = document.querySelector("[data-read-bar]");
const figures = document.querySelector("[data-read-figures]");

for (const form of document.querySelectorAll("[data-mark]")) {
  let busy = false;
  let plain = false;
  form.addEventListener("submit", async (event) => {
    if (plain) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    const button = form.querySelector("button");
    const fields = new URLSearchParams(new FormData(form));
    fields.set("read", button.value);
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: fields,
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      if (!answer.ok) throw new Error(answer.status);
      const body = await answer.json();
      if (body.stale) return location.reload();
      show(form, button, body);
    } catch {
      plain = true; // the plain way shows what is wrong
      form.requestSubmit(button);
    } finally {
      busy = false;
    }
  });
}

function show(form, button, body) {
  button.value = body.read ? "0" : "1";
  button.textContent = body.read ? form.dataset.yes : form.dataset.no;
  button.classList.toggle("btn-link", body.read);
  button.classList.toggle("btn-outline-primary", !body.read);
  const state = form.querySelector("[data-read-state]");
  state.hidden = !body.read;
  form.querySelector("[data-changed-state]")?.remove();
  const anchor = form.closest("section").id;
  document.querySelector(`[data-toc="${CSS.escape(anchor)}"]`)?.classList.toggle("is-read", body.read);
  bar.value = body.count;
  figures.textContent = `${body.count}/${body.total}`;
}
