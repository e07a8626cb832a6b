// Which window this is: a name that lasts as long as its tab, also through reloads, and that a
// duplicated tab does not share; and the running number of what it sends.

const KEY = "quizapp/tab";
const LOCK = "quizapp/tab/";
const PATIENCE_MS = 500;
const ANSWER_MS = 150;
const channel = window.BroadcastChannel && new BroadcastChannel("quizapp/tabs");

let mine = null;

channel?.addEventListener("message", ({ data }) => {
  if (data.ask && data.ask === mine) channel.postMessage({ here: mine });
});

export async function claim() {
  const kept = read();
  if (kept && (await hold(kept.client))) return new Tab(kept);
  const fresh = { client: name(), seq: 0 };
  // Without storage each page would be another window: then it is the one without a name.
  if (!write(fresh)) return new Tab({ client: "page", seq: Date.now() });
  await hold(fresh.client);
  return new Tab(fresh);
}

// Whether a tab of this browser has this name now.
export async function isAlive(client) {
  if (!navigator.locks) return isAnswered(client);
  return navigator.locks.request(LOCK + client, { ifAvailable: true }, (lock) => lock === null);
}

class Tab {
  #kept;

  constructor(kept) {
    this.#kept = kept;
    this.client = kept.client;
  }

  next() {
    this.#kept.seq += 1;
    write(this.#kept);
    return this.#kept.seq;
  }
}

// The lock is held until the page goes; the next page of the tab may have to wait a moment.
async function hold(client) {
  let isOurs;
  if (navigator.locks) {
    isOurs = await new Promise((resolve) => {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const request = navigator.locks.request(LOCK + client, { signal }, () => {
        resolve(true);
        return new Promise(() => {});
      });
      request.catch(() => resolve(false));
    });
  } else {
    isOurs = !(await isAnswered(client));
  }
  if (isOurs) mine = client;
  return isOurs;
}

function isAnswered(client) {
  if (!channel) return Promise.resolve(false);
  return new Promise((resolve) => {
    const hear = ({ data }) => data.here === client && end(true);
    const end = (found) => {
      channel.removeEventListener("message", hear);
      resolve(found);
    };
    channel.addEventListener("message", hear);
    channel.postMessage({ ask: client });
    setTimeout(() => end(false), ANSWER_MS);
  });
}

function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function write(kept) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}
