/** Recordings and facts of the reference, as they lie compressed in test/golden/mujoco. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { Facts } from "./facts.ts";

function read(path: string): unknown {
  const bytes = readFileSync(new URL(`../../golden/mujoco/${path}.json.gz`, import.meta.url));
  return JSON.parse(gunzipSync(bytes).toString("utf8"));
}

/** Of Gymnasium 1.3.0 with MuJoCo 3.14.0: three episodes of random actions; of long ones the first steps. */
export const recordedEpisodes = (id: string) =>
  read(`episodes/${id}`) as { env: string; episodes: Record<string, unknown[]>[] };

export const modelFacts = (id: string) => read(`models/${id}`) as Facts;
