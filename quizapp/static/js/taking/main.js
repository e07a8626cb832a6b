// An open attempt in this window: every answer is put into the outbox as it is given, sent, and
// said to be saved when the server said so. Without this module the pages' own buttons save.

import { confirmed } from "./asking.js";
import { Line } from "./line.js";
import { Outbox, lastClient, remember, setLastClient, watchWho } from "./outbox.js";
import { Pages } from "./paging.js";
import { Question } from "./questions.js";
import { submit } from "./submitting.js";
import { claim, isAlive } from "./tab.js";
import { Time } from "./time.js";

const TYPING_MS = 700;
const LATELY_MS = 1500;
const SETTLE_MS = 4000;

const head = document.querySelector("[data-attempt]");
const page = head.dataset;
const words = head.querySelector("[data-words]").dataset;
const part = (name) => head.querySelector(`[data-${name}]`);
const channel = window.BroadcastChannel && new BroadcastChannel("quizapp/sittings");

remember(page.person);
const outbox = new Outbox(page.person, page.attempt);
const line = new Line(page, outbox);
const questions = new Map();
let pages = null;
let watched = null; // the question for which time counts
let time = null;
let isLeaving = false;
let isSubmitting = false;
let typing;
let lately;

for (const form of document.querySelectorAll("[data-answer]")) add(form);
if ("left" in page) {
  const [shown, said] = [part("time-figures"), part("time-said")];
  time = new Time(Number(page.left), { shown, said, words, end: timeIsOver });
}
showPlace();
summary();
begin();

async function begin() {
  line.tab = await claim();
  line.prepare = prepare;
  for (const question of questions.values()) if (question.isChanged) given(question);
  if (page.holder && page.holder !== line.tab.client && !(await isHeir(page.holder))) {
    return line.stop("elsewhere");
  }
  await line.flush();
  if ("pages" in page && !line.stopped) {
    pages = new Pages([...questions.values()][0], { base: page.base, words, add });
    pages.fetch().catch(() => {});
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
  if (overtaken.length) say(`${words.answeredElsewhere} ${overtaken.join(", ")}`);
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
  if (!line.tab) return; // looked at once more as soon as the tab has its name
  const before = outbox.get(question.position);
  const fields = question.read();
  // A change follows an input: the same once more is no change.
  if (before && before.fields.join() === fields.join()) return;
  outbox.put(question.position, {
    client: line.tab.client,
    seq: line.tab.next(),
    base: before?.base ?? question.base,
    fields,
    spent: (before?.spent ?? 0) + question.takeSpent(),
  });
  question.say(line.failures || line.stopped ? "pending" : "saving");
  summary();
}

// Time counts for the question that is looked at.
function look(question) {
  if (watched !== question) watched?.watch(false);
  watched = question;
  watched?.watch(!document.hidden);
}

line.addEventListener("saved", ({ detail }) => {
  const question = questions.get(detail.position);
  if (question && !outbox.get(detail.position)) question.saved(detail.complete);
  if (detail.left !== null) time?.set(detail.left);
  summary();
  if (!outbox.size) quiet("offline");
});
line.addEventListener("failed", ({ detail }) => {
  questions.get(detail.position)?.say("failed", `${words.failed}. ${detail.message}`);
  say(detail.message);
  summary();
});
line.addEventListener("pending", () => {
  for (const [position] of outbox.all()) questions.get(position)?.say("pending");
  summary();
});
line.addEventListener("state", ({ detail }) => {
  if (detail.left !== null) time?.set(detail.left);
  unlock();
});
line.addEventListener("stopped", ({ detail }) => stopped(detail));

function summary() {
  clearTimeout(lately);
  const { size } = outbox;
  const isTrouble = line.failures > 0 || line.stopped;
  const text = part("summary");
  if (size && !isTrouble) {
    lately = setTimeout(() => count(text, outbox.size), LATELY_MS);
    return;
  }
  count(text, size);
}

// Only what changed is put into the page: a reader speaks what changes.
function count(text, size) {
  const isAny = document.querySelector(".palette .is-done, .palette .is-begun");
  const many = size === 1 ? words.pendingOne : words.pendingMany.replace("#", size);
  const said = size ? many : isAny ? words.allSaved : "";
  if (text.textContent !== said) text.textContent = said;
  text.dataset.state = size ? "pending" : "saved";
  listUnsent(size);
  if (size && !outbox.isKept) say(words.noStorage);
}

// The page before submitting says what waits; what it lists as open is made anew afterwards.
function listUnsent(size) {
  const list = document.querySelector("[data-unsent-list]");
  if (!list) return;
  if (!size && !list.hidden && !isSubmitting) reload();
  list.hidden = !size;
  list.textContent = `${words.unsent} ${outbox.all().map(([n]) => n).sort((a, b) => a - b).join(", ")}`;
}

// --- Moving -------------------------------------------------------------------------------------

async function press(question, event) {
  event.preventDefault();
  const button = event.submitter;
  const goto = button?.value ?? "next";
  if (goto === "flag" || goto === "unflag") return flag(question, goto === "flag");
  if (question.isForward) return forward(question, button);
  if (goto.startsWith("all-")) return void line.flush();
  const { position } = question;
  const to = goto === "next" ? position + 1 : goto === "check" ? "check" : Number(goto);
  line.flush();
  if (to !== "check" && pages?.show(to)) return look(questions.get(to));
  leave(to === "check" ? `${page.base}/check` : `${page.base}/items/${to}`);
}

// One cannot come back: what is said is only gone from when it was saved.
async function forward(question, button) {
  const { leaveOpen, goOn, stay } = words;
  if (!question.seemsComplete && !(await confirmed(leaveOpen, goOn, stay))) return;
  if (!(await settled())) return;
  const { form } = question;
  for (const [name, value] of [
    ["client", line.tab.client],
    ["goto", button.value],
    ["csrf_token", line.csrf],
  ]) {
    const field = form.querySelector(`input[name="${name}"]`) ?? document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  isLeaving = true;
  form.submit();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || link.target) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (link.hash && link.pathname === location.pathname) return;
  const position = Number(link.dataset.palette);
  if (position && pages?.show(position)) {
    event.preventDefault();
    return look(questions.get(position));
  }
  if (!outbox.size && !line.failures && navigator.onLine) return;
  event.preventDefault();
  if (link === part("notice-link")) {
    isLeaving = true;
    if (line.stopped === "signed-out") link.href = signInAddress();
  }
  leave(link.href);
});

async function leave(address) {
  if (isLeaving || (await settled())) {
    isLeaving = true;
    location.assign(address);
  }
}

// Whether all is saved and the line is there: otherwise the page stays, for the browser would show
// one that says nothing.
async function settled() {
  if (line.stopped) return line.stopped !== "signed-out";
  const isFine = await Promise.race([
    line.flush().then(() => !outbox.size),
    new Promise((resolve) => setTimeout(resolve, SETTLE_MS, false)),
  ]);
  if (isFine && !line.failures && navigator.onLine) return true;
  if (await line.state()) {
    line.failures = 0;
    line.flush();
    return !outbox.size || settledOnce();
  }
  if (!line.stopped) say(words.offline, { kind: "offline" });
  return false;
}

async function settledOnce() {
  await line.flush();
  return !outbox.size;
}

async function flag(question, isOn) {
  question.flagged(isOn);
  const answer = await line.post(`/flags/${question.position}`, [["on", Number(isOn)]]);
  if (answer?.status === 200) return;
  question.flagged(!isOn);
  if (!line.stopped) say(words.flagLost);
}

window.addEventListener("beforeunload", (event) => {
  if (isLeaving || isSubmitting || !outbox.size || line.stopped) return;
  event.preventDefault();
  event.returnValue = true; // Chrome before 119
});
window.addEventListener("pageshow", (event) => {
  isLeaving = false;
  if (event.persisted) reload(); // all may have changed elsewhere
});

function reload() {
  isLeaving = true;
  location.reload();
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
  else if (!isLeaving) line.flush(); // a phone may not come back to this page
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
    quiet("offline");
    line.flush();
  }
}

// --- What is said -------------------------------------------------------------------------------

function stopped({ reason, result }) {
  lock(reason);
  if (reason === "signed-out") {
    say(words.signedOut, { kind: reason, link: signInAddress(), text: words.signInAgain });
  } else if (reason === "elsewhere") {
    say(words.elsewhere, { kind: reason, take: true });
  } else if (reason === "person") {
    say(words.personChanged, { kind: reason });
  } else {
    time?.stop();
    outbox.clear();
    say(words.over, { kind: reason, link: result ?? page.base, text: words.toResult });
  }
  for (const [position] of outbox.all()) questions.get(position)?.say("pending");
  summary();
}

function signInAddress() {
  return `${page.signIn}?next=${encodeURIComponent(location.pathname)}`;
}

// Signed out, one may go on answering: it is kept. Another person sees nothing of it.
function lock(reason) {
  document.body.dataset.stopped = reason;
  for (const { form } of questions.values()) {
    form.inert = reason !== "signed-out";
    if (pages === null || form === pages.here.form) form.hidden = reason === "person";
  }
}

function unlock() {
  delete document.body.dataset.stopped;
  for (const { form } of questions.values()) {
    form.inert = false;
    if (pages === null || form === pages.here.form) form.hidden = false;
  }
  for (const kind of ["signed-out", "person"]) quiet(kind);
}

function say(text, { kind = "", link = "", text: label = "", take = false } = {}) {
  part("notice").dataset.notice = kind;
  part("notice").hidden = false;
  part("notice-text").textContent = text;
  part("notice-actions").hidden = !link && !take;
  part("notice-link").hidden = !link;
  part("notice-link").textContent = label;
  if (link) part("notice-link").href = link;
  part("notice-take").hidden = !take;
}

function quiet(kind) {
  if (part("notice").dataset.notice === kind) part("notice").hidden = true;
}

part("notice-take").addEventListener("click", async () => {
  line.stopped = "";
  if (!(await line.hold([["take", 1]]))) return;
  hold();
  reload();
});

// --- Submitting ---------------------------------------------------------------------------------

const last = document.querySelector("[data-submit]");
last?.addEventListener("submit", (event) => {
  event.preventDefault();
  end(words.submitting);
});

function timeIsOver() {
  if (line.stopped === "elsewhere" || line.stopped === "over") {
    return say(words.over, { kind: "over", link: page.base, text: words.toResult });
  }
  end(words.timeOver);
}

async function end(text) {
  if (isSubmitting) return;
  if (!line.tab) return void setTimeout(end, 200, text);
  isSubmitting = true;
  for (const { form } of questions.values()) form.inert = true;
  const button = last?.querySelector("button");
  if (button) button.disabled = true;
  say(text, { kind: "submitting" });
  const result = await submit(line, (name) => say(words[name], { kind: "submitting" }));
  if (result) {
    isLeaving = true;
    return location.replace(result);
  }
  // A person has to help first: stopped() has said how.
  isSubmitting = false;
  if (button) button.disabled = false;
}
