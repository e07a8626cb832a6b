// Every page says to the others of this browser who is signed in. Signing out warns when answers
// were not sent yet, and leaves none of them behind. Without this module its form signs out.

import { confirmed } from "./taking/asking.js";
import { empty, remember, unsent } from "./taking/outbox.js";

const form = document.querySelector("[data-sign-out]");
const { person, one, many, leave, stay, lost } = form.dataset;

remember(person);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const waiting = unsent(person);
  const text = waiting === 1 ? one : many.replace("#", waiting);
  if (waiting && !(await confirmed(text, leave, stay))) return;
  if (await send()) {
    empty(person);
    location.assign(form.dataset.to);
  } else {
    // Nobody is signed out, so nothing is given up either.
    form.querySelector("[role=alert]").textContent = lost;
  }
});

async function send() {
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type === "opaqueredirect") return true;
    if (answer.status === 400) location.reload(); // somebody else signed in meanwhile
    return false;
  } catch {
    return false;
  }
}
