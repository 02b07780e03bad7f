/** The program of a results table's child processes. */

import { serve } from "../../src/node/children/serve.ts";
import { type Job, type Outcome, runJob } from "./job.ts";

serve<Job, never, Outcome>(runJob);
