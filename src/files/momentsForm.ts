/** The zod form of saved moments of rows (math/runningMoments.ts), for the forms of saved states. */
import { z } from "zod";
import { numbers } from "./savedState.ts";

/** Of the moments of rows of `size` columns. */
export const momentsForm = (size: number) =>
  z.object({
    mean: numbers(size),
    meanRest: numbers(size).optional(),
    variance: numbers(size),
    count: z.number().min(0),
  });
