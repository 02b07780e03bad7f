/** A Redis server, workers and a network that can be cut, for tests of the queue. */
import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { startAscent } from "../cli/support.ts";

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A server with files of its own, so that it can be started anew. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  constructor(folder: string, port: number, settings: readonly string[] = []) {
    fs.mkdirSync(folder, { recursive: true });
    this.#folder = folder;
    this.#settings = settings;
    this.port = port;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const { REDIS_SERVER = "redis-server" } = process.env;
    const settings = [
      "--port",
      `${this.port}`,
      "--dir",
      this.#folder,
      "--appendonly",
      "yes",
      "--appendfsync",
      "always",
    ];
    this.#process = spawn(REDIS_SERVER, [...settings, "--bind", "127.0.0.1", ...this.#settings], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await new Promise<void>((resolve, reject) => {
      this.#process!.on("error", (error) =>
        reject(new Error(`${REDIS_SERVER} cannot be started (${error.message}); install Redis, or set REDIS_SERVER`)),
      );
      this.#process!.stdout!.on("data", (text: Buffer) => {
        if (text.toString().includes("Ready to accept connections")) resolve();
      });
    });
  }

  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.on("close", resolve));
    child.kill(signal);
    await gone;
  }
}

/** Workers that are there however often they are killed. */
export class Workers {
  readonly #folder: string;
  readonly #url: string;
  readonly #flags: readonly string[];
  readonly living: ReturnType<typeof startAscent>[] = [];
  #started = 0;

  constructor(folder: string, url: string, flags: readonly string[] = ["--lock", "1000", "--jobs", "1"]) {
    this.#folder = folder;
    this.#url = url;
    this.#flags = flags;
  }

  start(): ReturnType<typeof startAscent> {
    const work = join(this.#folder, `work-${this.#started++}`);
    const worker = startAscent(this.#folder, "worker", "--queue", this.#url, ...this.#flags, "--work", work);
    this.living.push(worker);
    return worker;
  }

  /** One of them ends at once, its child with it; another one comes. */
  replace(number: number): void {
    const [worker] = this.living.splice(number, 1);
    worker.child.kill("SIGKILL");
    this.start();
  }

  async ended(): Promise<void> {
    await Promise.all(this.living.map(({ finished }) => finished));
  }

  kill(): void {
    for (const { child } of this.living) child.kill("SIGKILL");
  }
}

/** Stands between: while it is cut, nothing arrives on either side, and nobody is told. */
export class Cable {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(port: number): Promise<Cable> {
    const server = createServer();
    const cable = new Cable(server);
    server.on("connection", (near) => {
      const far = dial(port, "127.0.0.1");
      const pairs: [Socket, Socket][] = [
        [near, far],
        [far, near],
      ];
      for (const [from, to] of pairs) {
        cable.#sockets.add(from);
        from.on("data", (bytes) => {
          if (!cable.#cut) to.write(bytes);
        });
        from.on("error", () => {});
        from.on("close", () => {
          cable.#sockets.delete(from);
          to.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return cable;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#cut = true;
  }

  /** What was under way is lost, as after a cut: the sides find out and connect anew. */
  mend(): void {
    this.#cut = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.mend();
    this.#server.close();
  }
}

/** The files of a sweep's runs that do not depend on the clock, byte for byte. */
export function fingerprint(folder: string): Record<string, string> {
  const trials = join(folder, "trials");
  const files = fs
    .readdirSync(trials, { recursive: true })
    .map(String)
    .filter((file) =>
      /(progress\.csv|policy\.safetensors|config\.json|learning-curve\.svg|checkpoints\/.*)$/.test(file),
    )
    .sort();
  const runs = Object.fromEntries(files.map((file) => [file, fs.readFileSync(join(trials, file), "base64")]));
  const results = ["results.json", "results.md", "results.csv", "best.json"].map((file) => [
    file,
    fs.readFileSync(join(folder, file), "base64"),
  ]);
  return { ...runs, ...Object.fromEntries(results) };
}
