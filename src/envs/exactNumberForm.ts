/** The zod form of numbers that went through JSON exactly (exactNumbers.ts), for the forms of saved states. */
import { z } from "zod";
import { EXACT_NAMES } from "./exactNumbers.ts";

export const exactNumber = z.union([z.number(), z.enum(EXACT_NAMES)]);
