/**
 * A server of pages for this machine: a folder of files, and answers that are made when asked for. Only GET and HEAD; nothing
 * outside the folder; no headers that a static host could not do without but one, the policy that pages of this package keep
 * (nothing from other places, no code from text). Node's own `http` is all it takes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { AscentError } from "../../errors.ts";
import { openFile } from "./pageFiles.ts";

/** What pages may load, from where. Kernels are WebAssembly; an environment of the reader's own is a worker made of text. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
].join("; ");

export interface Answer {
  /** As in Content-Type. */
  type: string;
  body: Uint8Array | string;
}

/** An answer, or undefined for "there is no such thing". */
export type Route = (url: URL) => Answer | undefined | Promise<Answer | undefined>;

export interface PageServerOptions {
  /** Whose files are served; of folders their index.html. */
  folder: string;
  /** 0 (the default) is any free one. */
  port?: number;
  /** Default "127.0.0.1": this machine only. "0.0.0.0" and "::" are every network it is in. */
  host?: string;
  /** The page of the folder that "/" is, where it is not index.html. */
  index?: string;
  /** By the path below the root, such as "data/policy.safetensors"; they come before files. */
  routes?: Readonly<Record<string, Route>>;
}

export interface PageServer {
  readonly port: number;
  /** Of the page, as a browser on this machine finds it. */
  readonly address: string;
  /** Ends it, open connections too. */
  close(): Promise<void>;
}

/** @throws AscentError (state) where the port or the host cannot be had */
export async function servePages(options: PageServerOptions): Promise<PageServer> {
  const { port = 0, host = "127.0.0.1" } = options;
  const server = createServer((request, response) => {
    answer(request, response, options).catch((error) => failed(response, error));
  });
  await listening(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    address: `http://${nameOf(host)}:${bound}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(cannotListen(error, port, host)));
    server.listen(port, host, resolve);
  });
}

function cannotListen(error: NodeJS.ErrnoException, port: number, host: string): AscentError {
  const [got, fix] = LISTENING[error.code ?? ""] ?? [error.message, "Try another --port or --host."];
  return new AscentError("state", { what: `could not serve at port ${port} of ${host}`, got, fix }, { cause: error });
}

const LISTENING: Readonly<Record<string, readonly [got: string, fix: string]>> = {
  EADDRINUSE: ["a port that another program has", "Give another --port, or 0 for any free one."],
  EACCES: ["a port that needs more rights", "Give a --port of 1024 or above."],
  EADDRNOTAVAIL: ["an address that this machine does not have", "Give a --host of this machine, such as 127.0.0.1."],
  ENOTFOUND: ["a name that is not known", "Give a --host of this machine, such as 127.0.0.1."],
};

/** What a browser here calls the host that was listened at. */
function nameOf(host: string): string {
  if (host === "0.0.0.0" || host === "::" || host === "127.0.0.1") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

async function answer(request: IncomingMessage, response: ServerResponse, options: PageServerOptions): Promise<void> {
  response.setHeader("X-Content-Type-Options", "nosniff");
  response.setHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY);
  // A build that was made anew is seen at once.
  response.setHeader("Cache-Control", "no-cache");
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("Allow", "GET, HEAD");
    return plain(response, 405, "This server answers GET and HEAD only.");
  }
  const url = urlOf(request);
  const path = url && pathBelowRoot(url);
  if (!url || path === undefined) return plain(response, 400, "The address cannot be read.");
  const route = Object.hasOwn(options.routes ?? {}, path) ? options.routes?.[path] : undefined;
  const file = path === "" && options.index !== undefined ? options.index : path.replace(/(^|\/)$/, "$1index.html");
  const found = (await route?.(url)) ?? (await openFile(options.folder, file));
  if (!found) return plain(response, 404, `There is nothing at /${path}.`);
  const bytes = typeof found.body === "string" ? new TextEncoder().encode(found.body) : found.body;
  response.writeHead(200, { "Content-Type": found.type, "Content-Length": bytes.length });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

function urlOf({ url = "/" }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, "http://localhost");
  } catch {
    return undefined;
  }
}

/** The decoded path without its first slash; undefined for what is no path. */
function pathBelowRoot({ pathname }: URL): string | undefined {
  try {
    const path = decodeURIComponent(pathname).slice(1);
    return path.includes("\0") ? undefined : path;
  } catch {
    return undefined;
  }
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" });
  response.end(`${text}\n`);
}

function failed(response: ServerResponse, error: unknown): void {
  if (response.headersSent) response.destroy();
  else plain(response, 500, error instanceof AscentError ? error.message : "The answer could not be made.");
}
