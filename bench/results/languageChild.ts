/** The program of the child processes of the table of language models. */

import { serve } from "../../src/node/children/serve.ts";
import { type LanguageJob, type LanguageOutcome, runLanguageJob } from "./languageJob.ts";

serve<LanguageJob, never, LanguageOutcome>(runLanguageJob);
