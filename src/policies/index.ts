/** Networks that act and value, and policies as data. */
export { type ActorCritic, actorCritic, type NetworkMemory, type NetworkOptions } from "./actorCritic.ts";
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
