// What a sitting says to its reader: a notice with a way on, and how much of it is saved.

const LATELY_MS = 1500;

export class Notice {
  constructor(head) {
    const part = (name) => head.querySelector(`[data-${name}]`);
    this.box = part("notice");
    this.text = part("notice-text");
    this.actions = part("notice-actions");
    this.link = part("notice-link");
    this.take = part("notice-take");
  }

  // `kind` names what may be taken back by `quiet`; `link` has {href, label}.
  say(text, { kind = "", link = null, canTake = false } = {}) {
    this.box.dataset.notice = kind;
    this.box.hidden = false;
    this.text.textContent = text;
    this.actions.hidden = !link && !canTake;
    this.take.hidden = !canTake;
    this.link.hidden = !link;
    if (!link) return;
    this.link.href = link.href;
    this.link.textContent = link.label;
  }

  quiet(...kinds) {
    if (kinds.includes(this.box.dataset.notice)) this.box.hidden = true;
  }
}

export class Summary {
  #lately;

  // `changed` is called when all has arrived that a page made before does not know of.
  constructor(head, words, outbox, { notice, changed }) {
    Object.assign(this, { words, outbox, notice, changed });
    this.text = head.querySelector("[data-summary]");
    this.said = head.querySelector("[data-summary-said]");
    this.list = document.querySelector("[data-unsent-list]");
  }

  // What is under way is shown at once, and counted and spoken of if it takes long.
  show(isTrouble) {
    clearTimeout(this.#lately);
    if (!this.outbox.size || isTrouble) return this.#count();
    if (this.text.dataset.state !== "pending") this.saving();
    this.#lately = setTimeout(() => this.#count(), LATELY_MS);
  }

  saving() {
    this.text.dataset.state = "saving";
    this.text.textContent = this.words.saving;
  }

  // Only what changed is put into the page: a reader speaks what changes.
  #count() {
    const { words, outbox, text } = this;
    const { size } = outbox;
    const isAny = document.querySelector(".palette .is-done, .palette .is-begun");
    const many = size === 1 ? words.pendingOne : words.pendingMany.replace("#", size);
    const said = size ? many : isAny ? words.allSaved : "";
    text.dataset.state = size ? "pending" : "saved";
    for (const part of [text, this.said]) if (part.textContent !== said) part.textContent = said;
    if (size && !outbox.isKept) this.notice.say(words.noStorage);
    if (this.list) this.#name(size);
  }

  // The page before submitting names what waits.
  #name(size) {
    if (!size && !this.list.hidden) this.changed();
    this.list.hidden = !size;
    const positions = this.outbox.all().map(([position]) => position);
    this.list.textContent = `${this.words.unsent} ${positions.sort((a, b) => a - b).join(", ")}`;
  }
}
