// Tells the other pages of this browser that nobody is signed in: they keep what they have.

import { rememberNobody } from "./taking/outbox.js";

rememberNobody();
