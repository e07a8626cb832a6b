// A question on the page: what was given for it, how its saving goes, and its place in the palette.

const OURS = new Set(["csrf_token", "seen", "client"]);

export class Question {
  #shownAt = null;
  #spent = 0;

  constructor(form, words) {
    this.form = form;
    this.words = words;
    this.position = Number(form.dataset.position);
    this.kind = form.dataset.kind;
    // The save that this page knows of: what is given here builds on it.
    this.base = form.dataset.mark;
    this.taken = null; // what was put into the outbox last
    this.state = form.querySelector("[data-save-state]");
    // This mark is for pages without a script.
    form.querySelector("[name=seen]")?.remove();
  }

  get mark() {
    return document.querySelector(`[data-palette="${this.position}"]`);
  }

  get isForward() {
    return "forward" in this.form.dataset;
  }

  read() {
    return [...new FormData(this.form)].filter(([name]) => !OURS.has(name));
  }

  fill(fields) {
    const given = new Map();
    for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
    for (const field of this.form.elements) {
      if (!field.name || OURS.has(field.name) || field.type === "submit") continue;
      const values = given.get(field.name) ?? [];
      if (field.type === "radio" || field.type === "checkbox") {
        field.checked = values.includes(field.value);
      } else {
        field.value = values[0] ?? "";
      }
    }
    this.form.dispatchEvent(new CustomEvent("filled"));
  }

  // As the server had it when it made the page.
  restore() {
    this.form.reset();
    this.taken = null;
    this.form.dispatchEvent(new CustomEvent("filled"));
    this.say("saved");
    this.answered(this.seemsComplete);
  }

  // Whether the page has another answer than the one it came with.
  get isChanged() {
    return [...this.form.elements].some((field) => {
      if (OURS.has(field.name)) return false;
      if (field.type === "radio" || field.type === "checkbox")
        return field.checked !== field.defaultChecked;
      if (field.options)
        return [...field.options].some((o) => o.selected !== o.defaultSelected && field.value);
      return field.tagName === "INPUT" && field.value !== field.defaultValue;
    });
  }

  get isGiven() {
    return this.read().some(([, value]) => value.trim());
  }

  // As far as a page can tell.
  get seemsComplete() {
    const values = this.read().map(([, value]) => value.trim());
    if (this.kind === "numeric") return /\d/.test(values[0] ?? "");
    return values.length > 0 && values.every(Boolean);
  }

  say(state, text = this.words[state]) {
    this.state.dataset.state = state;
    this.state.textContent = text;
    const waits = state === "pending" || state === "failed";
    this.mark?.classList.toggle("is-waiting", waits);
    this.#name();
  }

  saved(complete) {
    const partly = this.kind === "numeric" ? this.words.number : this.words.partial;
    if (complete || !this.isGiven) this.say("saved");
    else this.say("partly", partly);
    this.answered(complete);
  }

  // The same given once more is another try.
  failed(text) {
    this.taken = null;
    this.say("failed", text);
  }

  answered(complete) {
    this.form.toggleAttribute("data-complete", complete);
    this.mark?.classList.toggle("is-done", complete);
    this.mark?.classList.toggle("is-begun", this.isGiven && !complete);
    this.#name();
  }

  get isFlagged() {
    return this.mark?.classList.contains("is-flagged") ?? false;
  }

  flagged(isOn) {
    const button = this.form.querySelector("[data-flag]");
    button.value = isOn ? "unflag" : "flag";
    button.setAttribute("aria-pressed", isOn);
    this.mark?.classList.toggle("is-flagged", isOn);
    this.#name();
  }

  #name() {
    const { mark, words } = this;
    if (!mark) return;
    const has = (name) => mark.classList.contains(name);
    const given = has("is-done") ? "answered" : has("is-begun") ? "begun" : "blank";
    const state = has("is-waiting") ? "waiting" : given;
    const flag = has("is-flagged") ? `, ${words.flagged}` : "";
    mark.querySelector("[data-palette-word]").textContent = ` ${words[state]}${flag}`;
  }

  // Milliseconds in sight since this was asked last.
  watch(isShown) {
    if (this.#shownAt !== null) this.#spent += performance.now() - this.#shownAt;
    this.#shownAt = isShown ? performance.now() : null;
  }

  takeSpent() {
    this.watch(this.#shownAt !== null);
    const spent = this.#spent;
    this.#spent = 0;
    return spent;
  }
}
