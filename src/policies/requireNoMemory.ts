/** For what goes over rows out of order: networks with a memory do not go with it. */

import { AscentError } from "../errors.ts";
import type { TrunkOptions } from "./trunk.ts";

/** @throws AscentError "option" when the network has a memory; `what` is who cannot do with it. */
export function requireNoMemory(what: string, { recurrent }: Pick<TrunkOptions, "recurrent">): void {
  if (recurrent === undefined || recurrent === "none") return;
  throw new AscentError("option", {
    what: `${what} does not take networks with a memory`,
    got: `recurrent: "${recurrent}"`,
    expected: '"none"',
    fix: "Leave the memory out; those who learn one are ppo, a2c, trpo and npg.",
  });
}
