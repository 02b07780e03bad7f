/** The worker of a run in an environment of one's own: its text behind what it takes for granted, as a module of its own. */
import { ownEnvironmentCode } from "../link/ownEnvironmentCode.ts";

export interface OwnWorkerText {
  text: string;
  /** Lines before the first of the environment's text. */
  firstLine: number;
}

/** @param address of the run's worker, complete. */
export function ownWorkerText(source: string, address: string): OwnWorkerText {
  const { code, names } = ownEnvironmentCode("environment", source);
  const before = [`import ${JSON.stringify(address)};`, `const { ${names.join(", ")} } = globalThis.ascentOffered;`];
  const text = [...before, code, "globalThis.ascentOwn(environment);"].join("\n");
  // The code begins with a line of its own: const environment = (() => {
  return { text, firstLine: before.length + 1 };
}
