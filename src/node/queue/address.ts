/** Where a queue is: the address as users give it, as a connection, and as it may be shown. */
import { AscentError } from "../../errors.ts";

export interface QueueAddress {
  /** As given; holds the password. */
  url: string;
  /** Without the password: for messages. */
  shown: string;
}

const EXAMPLES = "redis://host:6379, redis://user:password@host:6379/2 or rediss://host:6380 (TLS)";

/** @throws AscentError "option" for what is no address of Redis or Valkey; its message shows no password. */
export function queueAddress(url: string): QueueAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const fits =
    parsed !== undefined &&
    ["redis:", "rediss:"].includes(parsed.protocol) &&
    parsed.hostname !== "" &&
    /^\/?\d*$/.test(parsed.pathname);
  if (fits) return { url, shown: withoutPassword(parsed) };
  throw new AscentError("option", {
    what: "The queue's address is not one",
    got: parsed === undefined ? "no URL" : withoutPassword(parsed),
    expected: `the URL of a Redis or Valkey server, such as ${EXAMPLES}`,
    fix: "Give it with --queue.",
  });
}

function withoutPassword(parsed: URL): string {
  const shown = new URL(parsed);
  if (shown.password !== "") shown.password = "***";
  // Some put it into the query.
  for (const name of [...shown.searchParams.keys()]) {
    if (/pass|token|secret/i.test(name)) shown.searchParams.set(name, "***");
  }
  return shown.href;
}
