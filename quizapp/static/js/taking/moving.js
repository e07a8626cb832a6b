// Moving about: a page is only left for another when all is saved and the line is there, for the
// browser's own page of failure would say nothing.

import { confirmed } from "./asking.js";

const SETTLE_MS = 4000;

export class Moving {
  constructor({ page, words, line, outbox, notice }) {
    Object.assign(this, { page, words, line, outbox, notice });
    this.isLeaving = false;
    this.pages = null; // the other questions, once they are here
    document.addEventListener("click", (event) => this.#follow(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.isLeaving || !outbox.size || line.stopped) return;
      event.preventDefault();
      event.returnValue = true; // Chrome before 119
    });
    window.addEventListener("pageshow", (event) => {
      this.isLeaving = false;
      if (event.persisted) this.reload(); // all may have changed elsewhere
    });
  }

  reload() {
    this.isLeaving = true;
    location.reload();
  }

  replace(address) {
    this.isLeaving = true;
    location.replace(address);
  }

  signInAddress() {
    return `${this.page.signIn}?next=${encodeURIComponent(location.pathname)}`;
  }

  // To another question, by the value of a form's button.
  async to(question, goto) {
    const { position } = question;
    const next = goto === "next" ? position + 1 : Number(goto);
    this.line.flush();
    if (goto === "check") return this.leave(`${this.page.base}/check`);
    if (!this.pages?.show(next)) await this.leave(`${this.page.base}/items/${next}`);
  }

  // One cannot come back: what is said is only gone from when it was saved.
  async forward(question, goto) {
    const { leaveOpen, goOn, stay } = this.words;
    if (!question.seemsComplete && !(await confirmed(leaveOpen, goOn, stay))) return;
    if (!(await this.settled())) return;
    const { form } = question;
    const fields = { client: this.line.tab.client, goto, csrf_token: this.line.csrf };
    for (const [name, value] of Object.entries(fields)) {
      const field = form.querySelector(`input[name="${name}"]`) ?? document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    this.isLeaving = true;
    form.submit();
  }

  async leave(address) {
    if (!this.isLeaving && !(await this.settled())) return;
    this.isLeaving = true;
    location.assign(address);
  }

  // Whether all is saved and the line is there.
  async settled() {
    const { line, outbox, notice, words } = this;
    if (line.stopped) return line.stopped !== "signed-out";
    const isFine = await Promise.race([
      line.flush().then(() => !outbox.size),
      new Promise((resolve) => setTimeout(resolve, SETTLE_MS, false)),
    ]);
    if (isFine && !line.failures && navigator.onLine) return true;
    if (await line.state()) {
      line.failures = 0;
      await line.flush();
      if (!outbox.size) return true;
    }
    if (!line.stopped) notice.say(words.offline, { kind: "offline" });
    return false;
  }

  #follow(event) {
    const link = event.target.closest("a[href]");
    if (!link || event.defaultPrevented || link.target) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (link.hash && link.pathname === location.pathname) return;
    if (this.pages?.show(Number(link.dataset.palette))) return event.preventDefault();
    if (!this.outbox.size && !this.line.failures && navigator.onLine) return;
    event.preventDefault();
    if (link === this.notice.link) {
      this.isLeaving = true;
      if (this.line.stopped === "signed-out") link.href = this.signInAddress();
    }
    this.leave(link.href);
  }
}
