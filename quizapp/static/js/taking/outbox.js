// What was answered and is not known to be saved, kept on this device for one person and attempt.
// Each answer is an entry of its own, so that two windows do not overwrite each other's.

const ROOT = "quizapp/outbox/";
const WHO = "quizapp/who";
const LAST = "quizapp/last/";

export const NOBODY = "-";

export class Outbox {
  #prefix;
  #entries = new Map();

  constructor(person, attempt) {
    this.isKept = true; // on the device, and not in this page alone
    this.#prefix = `${ROOT}${person}/${attempt}/`;
    for (const key of keys(this.#prefix)) {
      const entry = parse(localStorage.getItem(key));
      if (entry) this.#entries.set(Number(key.slice(this.#prefix.length)), entry);
    }
  }

  get size() {
    return this.#entries.size;
  }

  get(position) {
    return this.#entries.get(position);
  }

  // In the order in which they were given.
  all() {
    return [...this.#entries].sort(([, a], [, b]) => a.seq - b.seq);
  }

  put(position, entry) {
    this.#entries.set(position, entry);
    this.isKept = set(this.#prefix + position, JSON.stringify(entry));
  }

  drop(position) {
    this.#entries.delete(position);
    remove(this.#prefix + position);
  }

  clear() {
    for (const position of [...this.#entries.keys()]) this.drop(position);
    for (const key of keys(this.#prefix)) remove(key);
  }
}

// How many answers of this person wait on this device, in whatever attempt.
export function unsent(person) {
  return keys(`${ROOT}${person}/`).length;
}

export function empty(person) {
  for (const key of keys(`${ROOT}${person}/`)) remove(key);
  for (const key of keys(`${LAST}${person}/`)) remove(key);
}

// Who was signed in last on this browser, as far as its pages know.
export function who() {
  return get(WHO);
}

export function remember(person) {
  if (who() !== person) set(WHO, person);
}

// From the page to sign in until the next page of somebody: nothing may be sent meanwhile, for it
// would go under the sign-in that comes.
export function rememberNobody() {
  set(WHO, NOBODY);
}

export function watchWho(listener) {
  window.addEventListener("storage", (event) => {
    if (event.key === WHO || event.key === null) listener(who());
  });
}

// The window of this browser that wrote an attempt last: it may have died.
export function lastClient(person, attempt) {
  return get(`${LAST}${person}/${attempt}`);
}

export function setLastClient(person, attempt, client) {
  set(`${LAST}${person}/${attempt}`, client);
}

function keys(prefix) {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  } catch {
    return [];
  }
}

function get(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function set(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false; // full, or not allowed
  }
}

function remove(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // There is nothing then.
  }
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
