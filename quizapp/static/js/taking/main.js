// An open attempt in this window: every answer is put into the outbox as it is given, sent, and
// said to be saved when the server said so. Without this module the pages' own buttons save.

import { Line } from "./line.js";
import { Moving } from "./moving.js";
import { Outbox, lastClient, remember, setLastClient, watchWho } from "./outbox.js";
import { Pages } from "./paging.js";
import { Question } from "./questions.js";
import { Notice, Summary } from "./saying.js";
import { hasMoreTime, submit } from "./submitting.js";
import { claim, isAlive } from "./tab.js";
import { Time } from "./time.js";

const TYPING_MS = 700;

const head = document.querySelector("[data-attempt]");
const page = head.dataset;
const words = head.querySelector("[data-words]").dataset;
const part = (name) => head.querySelector(`[data-${name}]`);
const channel = window.BroadcastChannel && new BroadcastChannel("quizapp/sittings");

remember(page.person);
const outbox = new Outbox(page.person, page.attempt);
const line = new Line(page, outbox);
const notice = new Notice(head);
const moving = new Moving({ page, words, line, outbox, notice });
const summary = new Summary(head, words, outbox, {
  notice,
  changed: () => isSubmitting || moving.reload(),
});
const questions = new Map();
const early = new Set(); // answered before the tab has its name
let watched = null; // the question for which time counts
let time = null;
let isSubmitting = false;
let typing;

for (const form of document.querySelectorAll("[data-answer]")) add(form);
if ("left" in page) {
  const [shown, said] = [part("time-figures"), part("time-said")];
  time = new Time(Number(page.left), { shown, said, words, end: timeIsOver });
}
showPlace();
sum();
// What was given before the script was there: on a slow line that happens.
for (const question of questions.values()) if (question.isChanged) given(question);
begin();

async function begin() {
  line.tab = await claim();
  line.prepare = prepare;
  for (const question of early) given(question);
  sum();
  if (page.holder && page.holder !== line.tab.client && !(await isHeir(page.holder))) {
    return line.stop("elsewhere");
  }
  await line.flush();
  if ("pages" in page && !line.stopped) {
    const [first] = questions.values();
    moving.pages = new Pages(first, { base: page.base, words, add, look });
    moving.pages.fetch().catch(() => {});
  }
}

// The window that wrote last was one of this browser and is no more.
async function isHeir(client) {
  return client === lastClient(page.person, page.attempt) && !(await isAlive(client));
}

// The attempt is asked for where it is not ours yet; what was left in the outbox is looked after.
async function prepare() {
  const { client } = line.tab;
  if (page.holder === client && !outbox.size) return true;
  const was = page.holder ? [["was", page.holder]] : [];
  const state = page.holder === client ? await line.state() : await line.hold(was);
  if (!state) return false;
  hold();
  reconcile(state.saves);
  return true;
}

function hold() {
  page.holder = line.tab.client;
  setLastClient(page.person, page.attempt, page.holder);
  channel?.postMessage({ person: page.person, client: page.holder });
}

// What waits is dropped where it arrived after all, or where another window answered meanwhile;
// what an earlier window of this browser left becomes ours.
function reconcile(saves) {
  const overtaken = [];
  const { client } = line.tab;
  for (const [position, entry] of outbox.all()) {
    const save = saves[position];
    const question = questions.get(position);
    const isSame = save && save.client === entry.client;
    if (isSame && save.seq >= entry.seq) {
      outbox.drop(position);
      question?.saved(question.seemsComplete);
    } else if (isSame || (save?.mark ?? "") === entry.base) {
      if (entry.client !== client)
        outbox.put(position, { ...entry, client, seq: line.tab.next(), base: save?.mark ?? "" });
    } else {
      outbox.drop(position);
      question?.restore();
      overtaken.push(position);
    }
  }
  if (overtaken.length) notice.say(`${words.answeredElsewhere} ${overtaken.join(", ")}`);
}

// --- Answering ----------------------------------------------------------------------------------

function add(form) {
  const question = new Question(form, words);
  questions.set(question.position, question);
  form.addEventListener("input", ({ target }) => {
    given(question);
    if (target.name !== "text") return;
    clearTimeout(typing);
    typing = setTimeout(() => line.flush(), TYPING_MS);
  });
  form.addEventListener("change", () => {
    clearTimeout(typing);
    given(question);
    line.flush();
  });
  form.addEventListener("focusin", () => look(question));
  form.addEventListener("submit", (event) => press(question, event));
  const waiting = outbox.get(question.position);
  if (waiting) {
    question.fill(waiting.fields);
    question.say("pending");
    question.answered(question.seemsComplete);
  }
  return question;
}

function given(question) {
  const before = outbox.get(question.position);
  const fields = question.read();
  // A change follows an input, perhaps long after: the same once more is no change.
  if ((before ? before.fields.join() : question.taken) === fields.join()) return;
  if (!line.tab) {
    early.add(question);
    question.say("saving");
    return summary.saving();
  }
  outbox.put(question.position, {
    client: line.tab.client,
    seq: line.tab.next(),
    base: before?.base ?? question.base,
    fields,
    spent: (before?.spent ?? 0) + question.takeSpent(),
  });
  question.taken = fields.join();
  question.say(line.failures || line.stopped ? "pending" : "saving");
  sum();
}

// Time counts for the question that is looked at.
function look(question) {
  if (watched !== question) watched?.watch(false);
  watched = question;
  watched?.watch(!document.hidden);
}

function sum() {
  summary.show(line.failures > 0 || Boolean(line.stopped));
}

line.addEventListener("saved", ({ detail }) => {
  const question = questions.get(detail.position);
  if (question && !outbox.get(detail.position)) question.saved(detail.complete);
  if (detail.left !== null) time?.set(detail.left);
  sum();
  if (!outbox.size) notice.quiet("offline");
});
line.addEventListener("failed", ({ detail }) => {
  questions.get(detail.position)?.failed(`${words.failed}. ${detail.message}`);
  notice.say(detail.message);
  sum();
});
line.addEventListener("pending", () => {
  for (const [position] of outbox.all()) questions.get(position)?.say("pending");
  sum();
});
line.addEventListener("state", ({ detail }) => {
  if (detail.left !== null) time?.set(detail.left);
  if (!isSubmitting) unlock();
});
line.addEventListener("stopped", ({ detail }) => stopped(detail));

// --- Moving -------------------------------------------------------------------------------------

function press(question, event) {
  event.preventDefault();
  const goto = event.submitter?.value ?? "next";
  if (goto === "flag" || goto === "unflag") flag(question, goto === "flag");
  else if (question.isForward) moving.forward(question, goto);
  else if (goto.startsWith("all-")) line.flush();
  else moving.to(question, goto);
}

async function flag(question, isOn) {
  question.flagged(isOn);
  const answer = await line.post(`/flags/${question.position}`, [["on", Number(isOn)]]);
  if (answer?.status === 200) return;
  question.flagged(!isOn);
  if (!line.stopped) notice.say(words.flagLost);
}

// On a phone the row of questions scrolls: show the neighbours of the present one, too.
function showPlace() {
  const here = document.querySelector("[data-palette][aria-current]");
  const before = here?.closest("li").previousElementSibling;
  if (before) before.parentNode.scrollLeft = before.offsetLeft - before.parentNode.clientWidth / 2;
  if (here) look(questions.get(Number(here.dataset.palette)) ?? null);
}

// --- Coming back --------------------------------------------------------------------------------

document.addEventListener("visibilitychange", () => {
  watched?.watch(!document.hidden);
  if (!document.hidden) lookAgain();
  else if (!moving.isLeaving) line.flush(); // a phone may not come back to this page
});
window.addEventListener("online", lookAgain);
watchWho(lookAgain);
channel?.addEventListener("message", ({ data }) => {
  // One window at a time, also where it writes another attempt.
  if (data.person === page.person && data.client !== line.tab?.client) line.stop("elsewhere");
});

// The page was away for a while: how much time is left, and may it still write?
async function lookAgain() {
  if (!line.tab || isSubmitting || ["elsewhere", "over"].includes(line.stopped)) return;
  if (!line.isReady) return void line.flush();
  if (await line.state()) {
    line.failures = 0;
    notice.quiet("offline");
    line.flush();
  }
}

// --- What is said -------------------------------------------------------------------------------

function stopped({ reason, result }) {
  lock(reason);
  if (reason === "signed-out") {
    const link = { href: moving.signInAddress(), label: words.signInAgain };
    notice.say(words.signedOut, { kind: reason, link });
  } else if (reason === "elsewhere") {
    notice.say(words.elsewhere, { kind: reason, canTake: true });
  } else if (reason === "person") {
    notice.say(words.personChanged, { kind: reason });
  } else {
    time?.stop();
    const link = { href: result ?? page.base, label: words.toResult };
    notice.say(words.over, { kind: reason, link });
    // It is too late for what waits; where the time was over, a trainer is still to see it.
    if (outbox.size) end(words.timeOver);
  }
  for (const [position] of outbox.all()) questions.get(position)?.say("pending");
  sum();
}

// Signed out, one may go on answering: it is kept. Another person sees nothing of it.
function lock(reason) {
  document.body.dataset.stopped = reason;
  for (const { form } of questions.values()) {
    form.inert = reason !== "signed-out";
    if (!moving.pages || form === moving.pages.here.form) form.hidden = reason === "person";
  }
}

function unlock() {
  delete document.body.dataset.stopped;
  for (const { form } of questions.values()) {
    form.inert = false;
    if (!moving.pages || form === moving.pages.here.form) form.hidden = false;
  }
  notice.quiet("signed-out", "person");
}

notice.take.addEventListener("click", async () => {
  line.stopped = "";
  if (!(await line.hold([["take", 1]]))) return;
  hold();
  moving.reload();
});

// --- Submitting ---------------------------------------------------------------------------------

const last = document.querySelector("[data-submit]");
last?.addEventListener("submit", (event) => {
  event.preventDefault();
  end(words.submitting);
});

async function timeIsOver() {
  if (isSubmitting) return;
  if (line.stopped === "elsewhere" || line.stopped === "over") {
    const link = { href: page.base, label: words.toResult };
    return notice.say(words.over, { kind: "over", link });
  }
  const more = await hasMoreTime(line);
  if (!more) end(words.timeOver, { byTime: true, isAway: more === null });
}

async function end(text, when = {}) {
  if (isSubmitting) return;
  if (!line.tab) return void setTimeout(end, 200, text, when);
  isSubmitting = true;
  for (const { form } of questions.values()) form.inert = true;
  const button = last?.querySelector("button");
  if (button) button.disabled = true;
  notice.say(text, { kind: "submitting" });
  const say = (name) => notice.say(words[name], { kind: "submitting" });
  const result = await submit(line, say, when);
  if (result) return moving.replace(result);
  isSubmitting = false;
  if (button) button.disabled = false;
  // Else a person has to help first: stopped() has said how.
  if (!line.stopped) goOn();
}

// There is more time after all.
function goOn() {
  unlock();
  notice.quiet("submitting");
  line.failures = 0;
  line.flush();
  sum();
}
