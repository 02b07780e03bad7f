/** The complete address of the lockdown's module, as the built page has it. */
import address from "./lockdown.ts?worker&url";

export const lockdownModule: string = new URL(address, import.meta.url).href;
