/** The runs of the lab in a page without anything else, for tests to drive from outside. */

import { startRun } from "../../../../lab/runs/run.ts";
import { startGroup } from "../../../../lab/runs/runGroup.ts";

Object.assign(globalThis, { startRun, startGroup });
