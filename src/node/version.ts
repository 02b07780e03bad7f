/** The version of this package, as package.json says it. */
import { readFileSync } from "node:fs";

/** Such as "0.1.0". The sources and the compiled files lie equally deep below package.json. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
