/** Spaces: what actions and observations can be, and what one does with their values. */
export { spaceFromJson, spaceToJson } from "./spaces/json.ts";
export {
  type Box,
  box,
  type ChoiceColumn,
  choiceColumns,
  type Dict,
  type Discrete,
  describe,
  dict,
  discrete,
  flatSize,
  type MultiBinary,
  type MultiDiscrete,
  maskSize,
  multiBinary,
  multiDiscrete,
  type Space,
  type SpaceOf,
  type ValueLike,
  type ValueOf,
} from "./spaces/kinds.ts";
export { contains, readFlat, sample, sampleFlat, whyNotFlat, whyNotIn, writeFlat } from "./spaces/values.ts";
