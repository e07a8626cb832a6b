// Submits an attempt with all that is not known to be saved, and again until the server has
// answered: it gives every repetition the first one's answer.

const FIRST_MS = 1000;
const LONGEST_MS = 15000;
const ASK_MS = 5000; // a third of the time that answers have after the end
const LEFT_OVER = 2; // seconds; less is what rounding leaves

let underWay = null;

// Somebody may have given more time since this page asked last: whether there is, null without a
// line. The answer must come soon, for what waits has to arrive in time.
export async function hasMoreTime(line) {
  if (!line.tab || line.stopped) return false;
  const soon = new Promise((resolve) => setTimeout(resolve, ASK_MS, {}));
  const state = await Promise.race([line.state(), soon]);
  return state || line.stopped ? state?.left > LEFT_OVER : null;
}

// Resolves with the result's address; "" when only a person can help (the line says why), or when
// there is more time. `byTime`: nobody asked for it but the clock; `isAway`: the line was down.
export function submit(line, say, when = {}) {
  underWay ??= send(line, say, when).finally(() => {
    underWay = null;
  });
  return underWay;
}

async function send(line, say, { byTime = false, isAway = false }) {
  const key = line.tab.client + line.tab.next();
  for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
    // While the line was down, somebody may have given more time.
    const more = byTime && isAway ? await hasMoreTime(line) : false;
    if (more) return "";
    const answer =
      more === null
        ? null
        : await line.post("/submit", [
            ["client", line.tab.client],
            ["key", key],
            ...sheet(line.outbox),
          ]);
    isAway = !answer;
    if (answer?.status === 200 && answer.content.submitted) {
      line.outbox.clear();
      return answer.content.result;
    }
    // What waits when the attempt is over is handed in all the same.
    if (line.stopped && line.stopped !== "over") return "";
    if (answer?.content.code === "elsewhere") {
      line.stop("elsewhere");
      return "";
    }
    if (answer?.content.code === "invalid") {
      // One of the answers cannot be read: sent alone, each is told so. The rest goes again.
      await line.flush();
      if (line.stopped) return "";
      if (!line.outbox.size) continue;
    }
    say(answer ? "lost" : "submitWaits");
    await wait(Math.max((answer?.after ?? 0) * 1000, pause * (0.5 + Math.random() / 2)));
  }
}

function sheet(outbox) {
  return outbox
    .all()
    .flatMap(([position, { fields, seq }]) => [
      ...fields.map(([name, value]) => [`${position}:${name}`, value]),
      [`${position}:seq`, seq],
    ]);
}

// Shorter when the line comes back.
function wait(ms) {
  return new Promise((resolve) => {
    const end = () => {
      window.removeEventListener("online", end);
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(end, ms);
    window.addEventListener("online", end);
  });
}
