// Where one may go back and forth, the other questions are fetched once: one then moves among them
// without waiting, and also while the line is down. Without this module each is a page.

export class Pages {
  #here;

  constructor(first, { base, words, add, look }) {
    Object.assign(this, { base, words, add, look });
    this.questions = new Map([[first.position, first]]);
    this.title = document.title.replace(/^.*? · /, "");
    this.#here = first.position;
    history.replaceState({ position: first.position }, "");
    window.addEventListener("popstate", ({ state }) => {
      if (!this.show(state?.position, false)) location.reload();
    });
  }

  get here() {
    return this.questions.get(this.#here);
  }

  async fetch() {
    const response = await fetch(`${this.base}/all?apart=1`, { redirect: "error" });
    if (!response.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const theirs of page.querySelectorAll("[data-answer]")) {
      const position = Number(theirs.dataset.position);
      if (this.questions.has(position)) continue;
      const form = document.adoptNode(theirs);
      form.hidden = true;
      this.here.form.parentNode.append(form);
      this.questions.set(position, this.add(form));
      form.dispatchEvent(new CustomEvent("question", { bubbles: true }));
    }
  }

  // Show a question; whether it is here.
  show(position, isNew = true) {
    const question = this.questions.get(position);
    if (!question) return false;
    const before = this.here;
    before.form.hidden = true;
    question.form.hidden = false;
    this.look(question);
    for (const [one, isHere] of [[before, false], [question, true]]) {
      one.mark?.toggleAttribute("aria-current", isHere);
      if (isHere) one.mark?.setAttribute("aria-current", "step");
      one.mark?.closest("li").classList.toggle("is-here", isHere);
    }
    this.#here = position;
    if (isNew) history.pushState({ position }, "", `${this.base}/items/${position}`);
    document.title = `${this.words.title.replace("#", position)} · ${this.title}`;
    const heading = question.form.querySelector(".question-number");
    heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
    return true;
  }
}
