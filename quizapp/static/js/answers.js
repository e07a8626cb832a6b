// Saves an answer as soon as it is given. "Saved" is said only after the server said so.
// Without this module the form's own buttons save.

const RETRY_MS = 4000;
const TYPING_MS = 700;

for (const form of document.querySelectorAll("[data-answer]")) watch(form);

function watch(form) {
  const state = form.querySelector("[data-save-state]");
  const mark = document.querySelector(`[data-palette="${form.dataset.position}"]`);
  let sending = false;
  let waiting = false; // something changed since the last send
  let timer;

  form.addEventListener("change", (event) => {
    if (event.target.type !== "text") send();
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "text") return;
    say("saving");
    clearTimeout(timer);
    timer = setTimeout(send, TYPING_MS);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    waiting = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (waiting) event.preventDefault();
  });

  async function send() {
    clearTimeout(timer);
    waiting = true;
    if (sending) return;
    sending = true;
    while (waiting) {
      waiting = false;
      say("saving");
      if (!(await post())) waiting = true;
      if (waiting && state.dataset.kind === "failed") break;
    }
    sending = false;
  }

  // True when the server has answered for good, be it yes or no.
  async function post() {
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { Accept: "application/json" },
        redirect: "error",
      });
      const body = await answer.json();
      if (answer.ok && body.saved) {
        say("saved");
        markAnswered(body.complete);
        return true;
      }
      if (answer.status < 500) {
        say("failed", body.message);
        return true;
      }
    } catch {
      // The line is down, or something between us and the server answered: try again.
    }
    say("failed");
    timer = setTimeout(send, RETRY_MS);
    return false;
  }

  function say(kind, text) {
    state.dataset.kind = kind;
    state.textContent = text || form.dataset[kind];
  }

  function markAnswered(complete) {
    if (!mark) return;
    mark.classList.toggle("is-done", complete);
    mark.classList.remove("is-begun");
    mark.querySelector("[data-palette-word]").textContent =
      " " + (complete ? form.dataset.answered : form.dataset.blank);
  }
}

for (const group of document.querySelectorAll("[data-ordering]")) {
  const hint = group.querySelector("[data-ordering-hint]");
  group.addEventListener("change", () => {
    const given = [...group.querySelectorAll("select")].map((s) => s.value).filter(Boolean);
    hint.hidden = new Set(given).size === given.length;
  });
}
