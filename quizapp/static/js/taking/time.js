// The time left, by the server's count of seconds and this page's own steady clock: the clock and
// the zone of the device never matter.

const SLACK_MS = 1500; // less is rounding
const DAY_MS = 24 * 3600 * 1000;
const MINUTE_MS = 60 * 1000;

export class Time {
  #end = 0;
  #spoken = [];
  #timer;

  // `left` in seconds, as it was when the page was made; `end` is called when it is over.
  constructor(left, { shown, said, words, end }) {
    Object.assign(this, { shown, said, words, end });
    const [load] = performance.getEntriesByType("navigation");
    const passed = Math.max(0, performance.now() - (load?.responseStart ?? 0));
    this.#end = performance.now() + left * 1000 - passed;
    const whole = left * 1000;
    this.#spoken = [whole / 2, 10 * MINUTE_MS, 5 * MINUTE_MS, MINUTE_MS].filter(
      (at) => at >= MINUTE_MS && at < whole,
    );
    this.#tick();
  }

  get left() {
    return Math.max(0, this.#end - performance.now());
  }

  set(left) {
    const end = performance.now() + left * 1000;
    if (Math.abs(end - this.#end) < SLACK_MS) return;
    this.#end = end;
    this.#tick();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = null;
  }

  #tick() {
    clearTimeout(this.#timer);
    const { left } = this;
    this.#show(left);
    const due = this.#spoken.filter((at) => left <= at);
    if (due.length) {
      this.#spoken = this.#spoken.filter((at) => left > at);
      this.#say(left);
    }
    if (left > 0) {
      this.#timer = setTimeout(() => this.#tick(), left % 1000 || 1000);
    } else {
      this.end();
    }
  }

  #show(left) {
    const seconds = Math.ceil(left / 1000);
    const two = (n) => String(Math.floor(n)).padStart(2, "0");
    const minutes = two((seconds % 3600) / 60);
    const hours = seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : "";
    this.shown.textContent = `${hours}${minutes}:${two(seconds % 60)}`;
    this.shown.hidden = left > DAY_MS;
    const level = left <= MINUTE_MS ? "last" : left <= 5 * MINUTE_MS ? "soon" : "";
    this.shown.parentElement.dataset.level = level;
  }

  #say(left) {
    const minutes = Math.round(left / MINUTE_MS);
    const { minuteLeft, minutesLeft } = this.words;
    this.said.textContent = minutes <= 1 ? minuteLeft : minutesLeft.replace("#", minutes);
  }
}
