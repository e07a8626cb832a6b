// Takes one's word about a section without leaving the place. Without this module the form does it.

const form = document.querySelector("[data-marks]");
const bar = document.querySelector("[data-read-bar]");
const figures = document.querySelector("[data-read-figures]");
let busy = false;
let plain = false;

form.addEventListener("submit", async (event) => {
  if (plain) return;
  event.preventDefault();
  if (busy) return;
  busy = true;
  const button = event.submitter;
  const fields = new URLSearchParams(new FormData(form));
  fields.set(button.name, button.value);
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
    if (body.to) return location.assign(body.to); // that was the last condition
    show(button, body);
  } catch {
    plain = true; // the plain way shows what is wrong
    form.requestSubmit(button);
  } finally {
    busy = false;
  }
});

function show(button, body) {
  const section = button.closest("section");
  const said = section.querySelector("[data-read-state]");
  section.querySelector("[data-before]")?.remove();
  said.hidden = false;
  said.focus({ preventScroll: true }); // the button goes; the keyboard stays here
  button.remove();
  document.querySelector(`[data-toc="${CSS.escape(section.id)}"]`)?.classList.add("is-read");
  bar.value = body.count;
  figures.textContent = `${body.count}/${body.total}`;
}
