/** Networks that act and value, and policies as data. */
export type { ActorCritic, NetworkMemory, NetworkOptions } from "./actorCritic.ts";
export { actorCritic } from "./checkedNetwork.ts";
export { type DecisionPart, decisionOf } from "./decision.ts";
export { decodePolicy, encodePolicy, type PolicyDescription } from "./description.ts";
export {
  type ActBatchOptions,
  type ActOptions,
  createPolicy,
  loadPolicyFromBytes,
  type ObservationValue,
  Policy,
  type PolicyOptions,
} from "./policy.ts";
