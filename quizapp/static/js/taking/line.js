// The line to the server: sends what waits in the outbox, one answer after the other, until each
// is acknowledged. It tries again by itself, and stops where only a person can help.

import { NOBODY, who } from "./outbox.js";

const FIRST_MS = 1000;
const LONGEST_MS = 30000;
const PATIENCE_MS = 15000;

// Events: saved (position, seq, complete), failed (position, message), pending, state,
// and stopped (reason: signed-out, person, elsewhere, over).
export class Line extends EventTarget {
  #running = null;
  #timer;

  constructor({ base, person, csrf }, outbox) {
    super();
    Object.assign(this, { base, person, csrf, outbox });
    this.tab = null;
    this.prepare = null; // what has to be done before the first answer goes; false: not yet
    this.isReady = false;
    this.failures = 0;
    this.stopped = "";
  }

  tell(type, detail = {}) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  stop(reason, detail = {}) {
    clearTimeout(this.#timer);
    this.stopped = reason;
    // Another window may have answered meanwhile: what waits is looked at again first.
    if (reason === "elsewhere") this.isReady = false;
    this.tell("stopped", { reason, ...detail });
  }

  // Send all that waits; resolves when nothing does, or when the line gives up for now.
  flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#run().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #run() {
    if (!this.tab || this.stopped) return;
    if (!this.isReady && !(this.isReady = await this.prepare())) {
      if (!this.stopped) this.retry();
      return;
    }
    while (!this.stopped && this.outbox.size) {
      const [position, entry] = this.outbox.all()[0];
      const answer = await this.post(`/items/${position}`, [
        ...entry.fields,
        ["client", entry.client],
        ["seq", entry.seq],
        ["spent", Math.round(entry.spent)],
      ]);
      if (this.stopped) return;
      const isSettled = answer && (await this.#settle(position, entry, answer));
      if (!isSettled) return this.retry(answer?.after);
      this.failures = 0;
    }
  }

  // Whether the server has answered for good, be it yes or no.
  async #settle(position, sent, { status, content }) {
    if (status === 200 && content.saved) {
      this.#acknowledge(position, sent);
      this.tell("saved", { position, seq: sent.seq, ...content });
      return true;
    }
    if (content.code === "elsewhere") {
      this.stop("elsewhere");
      return true;
    }
    // Submitted, or behind where one cannot go back; or somebody else is signed in.
    const isDoubtful = content.code === "closed" || content.code === "missing";
    if (isDoubtful && !(await this.state())) return Boolean(this.stopped);
    if (status < 400 || status >= 500 || status === 429 || !content.message) return false;
    if (content.code === "stale") return false;
    this.#acknowledge(position, sent);
    this.tell("failed", { position, message: content.message });
    return true;
  }

  #acknowledge(position, sent) {
    const kept = this.outbox.get(position);
    if (!kept) return;
    if (kept.seq === sent.seq) this.outbox.drop(position);
    else this.outbox.put(position, { ...kept, spent: Math.max(0, kept.spent - sent.spent) });
  }

  // Again after a while that doubles, never all at once after an outage.
  retry(after = 0) {
    clearTimeout(this.#timer);
    this.failures += 1;
    const pause = Math.min(FIRST_MS * 2 ** (this.failures - 1), LONGEST_MS);
    this.#timer = setTimeout(
      () => this.flush(),
      Math.max(after * 1000, pause * (0.5 + Math.random() / 2)),
    );
    this.tell("pending");
  }

  // What the server says of the attempt, or null when it says nothing of use.
  async state() {
    const answer = await this.#fetch(`/state?client=${this.tab.client}`);
    return answer && this.#read(answer);
  }

  // Let this window write the attempt; the state, or null when it may not, or not yet.
  async hold(more) {
    const answer = await this.post("/hold", [["client", this.tab.client], ...more]);
    if (!answer) return null;
    if (answer.status === 200) return this.#read(answer);
    if (answer.content.code === "elsewhere") this.stop("elsewhere");
    if (answer.content.code === "closed") await this.state();
    return null;
  }

  #read({ status, content }) {
    // Another person's attempt is as if it were not there.
    if (status === 404 || (status === 200 && content.person !== this.person)) {
      this.stop("person");
      return null;
    }
    if (status !== 200) return null;
    this.csrf = content.csrf;
    if (!content.open) {
      this.stop("over", { result: content.result });
      return null;
    }
    if (content.holder === "elsewhere") {
      this.stop("elsewhere");
      return null;
    }
    this.stopped = "";
    this.tell("state", content);
    return content;
  }

  // An answer {status, content, after}, or null when there was none. A token that has gone stale,
  // by a new sign-in, is made good once.
  async post(path, fields) {
    for (let n = 0; n < 2; n += 1) {
      const body = new URLSearchParams([...fields, ["csrf_token", this.csrf]]);
      const answer = await this.#fetch(path, { method: "POST", body });
      if (answer?.content.code !== "stale") return answer;
      if (!(await this.state())) return null;
    }
    return null;
  }

  async #fetch(path, options = {}) {
    const here = who();
    if (here && here !== this.person) {
      // Nothing of one person is sent under another's sign-in.
      this.stop(here === NOBODY ? "signed-out" : "person");
      return null;
    }
    try {
      const response = await fetch(this.base + path, {
        ...options,
        headers: { Accept: "application/json" },
        redirect: "manual",
        keepalive: Boolean(options.body),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      const { status } = response;
      const after = Number(response.headers.get("Retry-After")) || 0;
      if (status === 401) {
        this.stop("signed-out");
        return null;
      }
      if (status >= 500 || status === 429) return { status, content: {}, after };
      return { status, content: await response.json(), after };
    } catch {
      return null; // no line, or something between us and the server answered
    }
  }
}
