// A form that is put together button by button stays one page: what its buttons answer takes the
// place of what is shown, and what was typed stands in the browser's history, for Back, Forward and
// Reload. Without this module each button sends the form, and its answer is a page of its own.

const main = document.querySelector("main");
const draft = () => main.querySelector("form[data-draft]");
// What the server could not answer in place it answers as without this module.
let isPlain = false;

async function ask(fields) {
  const response = await fetch(location.href, {
    method: "POST",
    body: fields,
    headers: { Accept: "application/json, text/html;q=0.9" },
  });
  if (response.headers.get("Content-Type").startsWith("text/html")) return { page: await response.text() };
  const said = await response.json();
  if (!response.ok) throw new Error(said.code);
  return said;
}

function show(page) {
  const made = new DOMParser().parseFromString(page, "text/html").querySelector("main");
  if (!made?.querySelector("form[data-draft]")) throw new Error("another page");
  main.replaceChildren(...document.adoptNode(made).childNodes);
  keep();
}

function typed() {
  const form = draft();
  return form && [...new FormData(form)].filter(([name]) => name !== "csrf_token");
}

// As the server had it: as long as nothing was changed, the newest version is to be had again.
const came = String(typed());

function keep() {
  const fields = typed();
  if (!fields || (!history.state?.draft && String(fields) === came)) return;
  history.replaceState({ draft: fields }, "");
}

async function send(form, button) {
  const fields = new FormData(form, button);
  form.inert = true; // what is typed meanwhile would be lost
  try {
    const said = await ask(fields);
    if (said.to) {
      form.removeAttribute("data-kept");
      form.removeAttribute("data-unsaved");
      history.replaceState(null, "");
      location.assign(said.to);
      return;
    }
    show(said.page);
  } catch {
    isPlain = true;
    form.inert = false;
    form.requestSubmit(button);
    return;
  }
  const same = [...main.querySelectorAll("button[name=do]:not([aria-hidden])")].find((one) => one.value === button?.value);
  const target = main.querySelector("[role=alert], [role=status]") ?? same ?? main.querySelector("h1");
  if (target !== same) target.tabIndex = -1;
  target.focus();
}

async function restore() {
  const fields = new FormData();
  for (const [name, value] of history.state.draft) fields.append(name, value);
  fields.set("csrf_token", draft().elements.csrf_token.value);
  fields.set("do", "keep");
  try {
    show((await ask(fields)).page);
  } catch {
    // The page as the server has it stays.
  }
}

if (history.state?.draft) restore();
document.addEventListener("submit", (event) => {
  if (event.target !== draft() || isPlain) return;
  event.preventDefault();
  send(event.target, event.submitter);
}, { capture: true });
main.addEventListener("change", keep);
window.addEventListener("beforeunload", () => {
  if (draft()?.hasAttribute("data-kept")) keep();
});
