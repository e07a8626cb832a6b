// Judging a question: a digit of the keyboard chooses, 1 and 0 are ten, and each choice is saved at
// once. On a shaky line it is sent again until it arrives; going on waits for that. Without this
// module the form is sent by its button.

const form = document.querySelector("[data-judging]");
const state = form.querySelector("[data-judging-state]");
const choices = [...form.querySelectorAll("input[name=of_ten]")];
form.querySelector("[data-judging-hint]").hidden = false;

let said = 0; // how many choices were made here: an answer to an earlier one is not the last word
let next = "";
let going = false;
let again = 0;

function say(name, text) {
  state.dataset.state = name;
  state.textContent = text;
}

async function save(turn, wait = 1000) {
  clearTimeout(again);
  say("saving", form.dataset.sending);
  let answer;
  try {
    const sent = await fetch(location.pathname, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
    });
    answer = await sent.json();
  } catch {
    answer = { retry: true };
  }
  if (turn !== said) return;
  if (answer.saved) {
    next = answer.next;
    say("saved", form.dataset.sent);
    document.querySelector("[data-judging-bar]").value = answer.done;
    document.querySelector("[data-judging-done]").textContent =
      form.dataset.counted.replace("#", answer.done);
    document.querySelector(".judge-palette [aria-current]").classList.add("is-done");
    if (going) location.assign(next);
  } else if (answer.retry || !answer.message) {
    say("pending", form.dataset.waiting);
    again = setTimeout(() => save(turn, Math.min(wait * 2, 30000)), wait);
  } else {
    going = false;
    say("failed", answer.message);
  }
}

function chosen() {
  next = "";
  said += 1;
  save(said);
}

form.addEventListener("change", (event) => {
  if (event.target.name === "of_ten") chosen();
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  going = true;
  if (next) location.assign(next);
  else if (state.dataset.state !== "saving") chosen();
});

window.addEventListener("online", () => {
  if (state.dataset.state === "pending") save(said);
});
window.addEventListener("pageshow", () => (going = false));

let typed = { key: "", at: 0 };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.target.closest("a, button, summary, select")) return;
  if (event.key === "Enter" && !form.contains(event.target)) {
    event.preventDefault();
    form.requestSubmit();
  }
  if (!/^[0-9]$/.test(event.key)) return;
  const isTen = event.key === "0" && typed.key === "1" && event.timeStamp - typed.at < 1500;
  const choice = choices[isTen ? 10 : Number(event.key)];
  typed = { key: event.key, at: event.timeStamp };
  choice.checked = true;
  choice.focus();
  chosen();
});
