/** What the estimators of preferences ask of the arrays they write into. */

import { type Check, floats } from "../../arguments/checks.ts";

export const outputArray: Check = { ...floats, fix: "Give a Float32Array or Float64Array to write into." };
