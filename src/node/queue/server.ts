/** A connection to the server, and what is said about its settings at once: a queue that forgets is worse than none. */
import type { Redis } from "ioredis";
import { AscentError } from "../../errors.ts";
import type { QueueAddress } from "./address.ts";
import type { QueuePackages } from "./packages.ts";

/** Below it BullMQ does not work. */
const OLDEST = [6, 2];
/** Between tries to connect again: a server that is started anew is back within seconds. */
const RETRY_MS = 1000;
const CONNECT_MS = 10_000;

/** @throws AscentError "state" when the server cannot be reached, refuses the password, or is too old. */
export async function connect({ Redis }: QueuePackages, address: QueueAddress): Promise<Redis> {
  const connection = new Redis(address.url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    connectTimeout: CONNECT_MS,
    retryStrategy: () => null,
  });
  let last: Error | undefined;
  connection.on("error", (error) => {
    last = error;
  });
  try {
    await connection.connect();
    requireVersion(await connection.info("server"), address);
  } catch (error) {
    connection.disconnect();
    if (error instanceof AscentError) throw error;
    throw new AscentError("state", {
      what: `The queue's server at ${address.shown} cannot be used`,
      got: reasonOf(last ?? (error as Error), address),
      fix: "See that Redis or Valkey runs there, that this machine reaches it, and that user and password are right.",
    });
  }
  // From now on a connection that is lost comes back.
  connection.options.retryStrategy = () => RETRY_MS;
  return connection;
}

function reasonOf(error: Error, { url }: QueueAddress): string {
  const code = "code" in error && typeof error.code === "string" && error.message === "" ? error.code : error.message;
  const { password } = new URL(url);
  return password === "" ? code : code.replaceAll(decodeURIComponent(password), "***");
}

function requireVersion(info: string, address: QueueAddress): void {
  const [, major, minor] = /redis_version:(\d+)\.(\d+)/.exec(info) ?? [];
  if (major === undefined) return;
  if (Number(major) > OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) >= OLDEST[1])) return;
  throw new AscentError("state", {
    what: `The queue's server at ${address.shown} is too old`,
    got: `version ${major}.${minor}`,
    expected: `${OLDEST.join(".")} or newer`,
    fix: "Use a newer Redis, or Valkey.",
  });
}

/** What should be otherwise with the server, in words; nothing where it is fine, or does not tell. */
export async function serverNotes(connection: Redis): Promise<string[]> {
  const notes: string[] = [];
  const policy = await setting(connection, "maxmemory-policy");
  if (policy !== undefined && policy !== "noeviction") {
    notes.push(
      `the server may throw jobs away when its memory is full (maxmemory-policy ${policy}): set it to noeviction`,
    );
  }
  const append = await setting(connection, "appendonly");
  const save = await setting(connection, "save");
  if (append === "no" && (save === undefined || save === "")) {
    notes.push(
      "the server keeps nothing on its disk: if it is started anew, jobs under way are given again. Set appendonly yes",
    );
  }
  return notes;
}

/** Undefined where the server does not let its settings be read, as hosted ones do not. */
async function setting(connection: Redis, name: string): Promise<string | undefined> {
  try {
    const found = (await connection.config("GET", name)) as string[];
    return found[1];
  } catch {
    return undefined;
  }
}
