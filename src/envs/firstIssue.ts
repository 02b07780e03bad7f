/** Zod's report on a value of the wrong form, shortened to the first fault, for the "got" of an error. */
import type { z } from "zod";

/** Such as `no env (expected string)` or `episodes.0.obs: expected array, received string`. */
export function firstIssue(error: z.ZodError): string {
  const [{ path, message }] = error.issues;
  const text = message.replace(/^Invalid input:? ?/, "");
  const where = path.join(".");
  if (where === "") return text;
  return text.endsWith("received undefined") ? `no ${where} (${text.split(",")[0]})` : `${where}: ${text}`;
}
