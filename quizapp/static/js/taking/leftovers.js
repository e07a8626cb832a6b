// On the result's page: what still waits on this device for an attempt that is over is handed in,
// and kept for a trainer. Without this module it would wait until somebody signs out.

import { Line } from "./line.js";
import { Outbox, remember } from "./outbox.js";
import { submit } from "./submitting.js";
import { claim } from "./tab.js";

const page = document.querySelector("[data-leftovers]").dataset;
const outbox = new Outbox(page.person, page.attempt);

remember(page.person);
if (outbox.size) handIn();

async function handIn() {
  const line = new Line(page, outbox);
  line.tab = await claim();
  line.prepare = () => true;
  // What became of it is said by the page as it is then.
  if (await submit(line, () => {})) location.reload();
}
