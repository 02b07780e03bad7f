/** What commands that serve a page have in common: --port and --host, the printed address, and serving until Ctrl-C. */
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { Route } from "../node/pages/pageServer.ts";
import { printLine } from "./output.ts";

export interface PageFlags {
  port: number;
  host: string;
}

/** @param port the default; another one is looked for only when it is 0 */
export function pageOptions(command: Command, port: number): Command {
  return command
    .option("--port <number>", "port to serve at; 0 is any free one", parsePort, port)
    .option("--host <address>", "address to serve at; 0.0.0.0 lets other machines in", "127.0.0.1");
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError("Expected a whole number from 0 to 65535.");
  return port;
}

/**
 * Serves a page of dist/lab until the process is told to stop.
 *
 * @param page its file, such as "index.html"
 */
export async function servePage(
  page: string,
  { port, host }: PageFlags,
  routes: Readonly<Record<string, Route>> = {},
): Promise<void> {
  const [{ servePages }, { labFolder }, { stopSignals }] = await Promise.all([
    import("../node/pages/pageServer.ts"),
    import("../node/pages/labFolder.ts"),
    import("./stopSignals.ts"),
  ]);
  const server = await servePages({ folder: labFolder(page), index: page, port, host, routes });
  const stop = stopSignals(() => {});
  printLine(`${server.address}  (Ctrl-C ends it)`);
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    stop.signal.addEventListener("abort", () => resolve());
  });
  await server.close();
  stop.dispose();
  process.exitCode = stop.exitCode();
}
