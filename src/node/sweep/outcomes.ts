/** What the runs of a sweep came to, read from their folders: nothing is kept that is not on the disk. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AscentError } from "../../errors.ts";
import type { OutcomeOf, Unit } from "../../sweeps/order.ts";
import { isTemporary, writeFileAtomic } from "../atomic.ts";
import { fileError } from "../fileError.ts";
import { readJson } from "../jsonFile.ts";
import { pathsIn } from "../runs/folder.ts";
import { readFigure } from "../runs/recorder.ts";
import { type SweepPlan, unitFolder } from "./plan.ts";

/** In the folder of a run whose settings cannot be run: why. */
const FAILURE = "failure.json";

const summary = z.object({ evaluation: z.object({ mean: z.number() }) });

/** Reads each finished run once. */
export function outcomeReader(folder: string, plan: SweepPlan): OutcomeOf {
  const known = new Map<string, number | "failed">();
  return (unit) => {
    const place = unitFolder(folder, plan, unit);
    const outcome = known.get(place) ?? readOutcome(place, plan);
    if (outcome !== undefined) known.set(place, outcome);
    return outcome;
  };
}

function readOutcome(folder: string, { sweep }: SweepPlan): number | "failed" | undefined {
  if (existsSync(join(folder, FAILURE))) return "failed";
  const { summary: path } = pathsIn(folder);
  if (!existsSync(path)) return undefined;
  const parsed = summary.safeParse(readJson(path));
  if (!parsed.success) {
    throw new AscentError("file", {
      what: `${path} is not the summary of a run`,
      got: z.prettifyError(parsed.error).replaceAll("\n", " "),
      fix: "Remove it: the run then goes on from its last checkpoint.",
    });
  }
  if (sweep.score === "evaluation") return parsed.data.evaluation.mean;
  return readFigure(folder, "episodeReturn").y.findLast(Number.isFinite) ?? "failed";
}

/** Notes that a run of these settings cannot be made. */
export function noteFailure(folder: string, plan: SweepPlan, unit: Unit, error: AscentError): void {
  const place = unitFolder(folder, plan, unit);
  try {
    mkdirSync(place, { recursive: true });
  } catch (cause) {
    throw fileError("make the folder", place, cause);
  }
  writeFileAtomic(join(place, FAILURE), `${JSON.stringify({ code: error.code, message: error.message }, null, 2)}\n`);
}

/** What lies in a folder, the lock and temporary files aside. */
export function namesIn(folder: string, lock: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => name !== lock && !isTemporary(name)) : [];
}
