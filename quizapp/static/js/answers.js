// Saves an answer as soon as it is given. "Saved" is said only after the server said so.
// Without this module the form's own buttons save.

const RETRY_MS = 4000;
const TYPING_MS = 700;
const PATIENCE_MS = 15000;

for (const form of document.querySelectorAll("[data-answer]")) watch(form);

// On a phone the row of questions scrolls: show the neighbours of the present one, too.
const before = document.querySelector("[data-palette][aria-current]")?.closest("li").previousElementSibling;
if (before) before.parentNode.scrollLeft = before.offsetLeft - before.parentNode.clientWidth / 2;

function watch(form) {
  const state = form.querySelector("[data-save-state]");
  const mark = document.querySelector(`[data-palette="${form.dataset.position}"]`);
  const isTyped = (field) => field.name === "text";
  let dirty = false; // something is here that the server has not acknowledged
  let leaving = false;
  let sending = null; // the promise of the running send
  let timer;

  form.addEventListener("input", (event) => {
    dirty = true;
    leaving = false;
    if (!isTyped(event.target)) return;
    say("saving");
    later(TYPING_MS);
  });
  form.addEventListener("change", () => {
    dirty = true;
    save();
  });
  window.addEventListener("online", () => dirty && save());

  // The form's own way on stores, too; but what is under way must not arrive after it, and what
  // the server cannot take now must not be lost on an error page.
  form.addEventListener("submit", async (event) => {
    if (leaving) return event.preventDefault();
    if (!dirty && !sending) return void (leaving = true);
    event.preventDefault();
    const { submitter } = event;
    if (await settle()) form.requestSubmit(submitter);
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("a[href]");
    if (!link || (!dirty && !sending) || event.defaultPrevented) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    await settle();
    location.assign(link.href); // what is still unsaved makes the browser ask
  });
  window.addEventListener("beforeunload", (event) => {
    if (!dirty) return;
    event.preventDefault();
    event.returnValue = true; // Chrome before 119
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && dirty) save(); // a phone may not come back to this page
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (event.persisted) location.reload(); // the answer may have changed elsewhere
  });

  // Whether the page may be left: all that is here was answered, be it by yes or no.
  async function settle() {
    await save();
    return !dirty;
  }

  function later(ms) {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  }

  function save() {
    clearTimeout(timer);
    dirty = true;
    sending ??= send().finally(() => {
      sending = null;
    });
    return sending;
  }

  // Chosen before this module was there: on a slow line that happens.
  if ([...form.elements].some((field) => field.checked !== field.defaultChecked)) save();

  async function send() {
    let sent;
    do {
      say("saving");
      sent = content();
      if (!(await post(sent))) return later(RETRY_MS);
      // Once more when something changed meanwhile.
    } while (sent !== content());
    dirty = false;
  }

  const content = () => new URLSearchParams(new FormData(form)).toString();

  // True when the server has answered for good, be it yes or no.
  async function post(body) {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
        },
        redirect: "manual",
        keepalive: true,
        signal: AbortSignal.timeout?.(PATIENCE_MS),
      });
      if (answer.type === "opaqueredirect") {
        say("failed", form.dataset.ended);
        return true;
      }
      const { saved, complete, message } = await answer.json();
      if (answer.ok && saved) {
        if (body === content()) say(complete || !given() ? "saved" : "partial");
        markAnswered(complete);
        return true;
      }
      if (answer.status < 500) {
        say("failed", message);
        return true;
      }
    } catch {
      // The line is down, or something between us and the server answered: try again.
    }
    say("failed");
    return false;
  }

  function say(kind, text) {
    state.dataset.kind = kind;
    state.textContent = text || form.dataset[kind];
  }

  function given() {
    return [...new FormData(form)].some(([name, value]) => name !== "csrf_token" && value.trim());
  }

  function markAnswered(complete) {
    if (!mark) return;
    const begun = given() && !complete;
    mark.classList.toggle("is-done", complete);
    mark.classList.toggle("is-begun", begun);
    const { answered, begun: partly, blank } = form.dataset;
    mark.querySelector("[data-palette-word]").textContent =
      " " + (complete ? answered : begun ? partly : blank);
  }
}
