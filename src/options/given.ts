/** Options as users write them: what a schema takes, with lists that may be constant. */

import type { z } from "zod";

export type Given<Schema extends z.ZodObject> = Constant<z.input<Schema>>;

type Constant<T> = T extends object ? { readonly [Key in keyof T]: Constant<T[Key]> } : T;
