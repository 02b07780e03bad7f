#!/usr/bin/env node
/**
 * Speaks the protocol of src/node/gymnasium/server.py in Python's place, and misbehaves where it is asked to: the environment's
 * name says how. Its environments count: an observation is (seed mod 1000, steps of the episode), the reward is the action, and an
 * episode ends after 3 steps, cut off where the seed is odd. Every other action but 0 is forbidden at the start of an episode when
 * the name has "masked".
 */
import { writeSync } from "node:fs";

const MAGIC = 0x31435341;
let name = "";
let count = 0;
let asked = 0;
let seeds = [];
let steps = [];
let pending = Buffer.alloc(0);

function write(bytes) {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

function send(kind, body) {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(kind, 4);
  header.writeUInt32LE(body.length, 8);
  // In two pieces, as pipes do it.
  write(header.subarray(0, 5));
  write(Buffer.concat([header.subarray(5), body]));
}

const say = (kind, value) => send(kind, Buffer.from(JSON.stringify(value)));
const masked = () => name.includes("masked");
const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)]);

function open(request) {
  ({ id: name, count } = request);
  if (name === "refused") return say(3, request.arguments);
  say(1, {
    version: name === "old" ? 0 : 1,
    observationSpace: { kind: "box", shape: [2], low: ["-inf", 0], high: "inf" },
    actionSpace: { kind: "discrete", n: 3, start: 0 },
    numbers: request.arguments.numbers ?? "float64",
    maskSize: masked() ? 3 : 0,
  });
}

function result(rewards, flags, finals) {
  const numbers = (rows) => Buffer.from(new Float64Array(rows.flat()).buffer);
  const masks = masked() ? steps.flatMap((n) => (n === 0 ? [1, 0, 0] : [1, 1, 1])) : [];
  const front = padded(Buffer.concat([numbers(rewards), Buffer.from([...flags.flat(), ...masks])]));
  const rows = steps.map((n, i) => [name === "NaN" && n === 2 ? Number.NaN : seeds[i] % 1000, n]);
  send(2, Buffer.concat([front, numbers(rows), numbers(finals)]));
}

function reset(body) {
  seeds = Array.from({ length: count }, (_, i) => body.readUInt32LE(4 * i));
  steps = new Array(count).fill(0);
  result(new Array(count).fill(0), [new Array(count).fill(0), new Array(count).fill(0)], []);
}

function step(body) {
  asked++;
  if (asked === 2) {
    if (name === "dies") {
      process.stderr.write("last words");
      process.exit(7);
    }
    if (name === "killed") process.kill(process.pid, "SIGKILL");
    if (name === "hangs") return;
    if (name === "garbage") return write(Buffer.from("Hello from an environment that prints\n"));
    if (name === "too long") return send(2, Buffer.alloc(100_000));
    if (name === "raises") {
      const traceback = ['  File "walk.py", line 3, in step', "ZeroDivisionError: division by zero"];
      const where = { call: "step", environment: 1, step: 1 };
      return say(3, { sort: "raised", type: "ZeroDivisionError", text: "division by zero", traceback, ...where });
    }
  }
  const rewards = steps.map((_, i) => body.readFloatLE(4 * (count + i)));
  const finals = [];
  const flags = [[], []];
  for (let i = 0; i < count; i++) {
    const ended = ++steps[i] === 3;
    flags[0].push(ended && seeds[i] % 2 === 0 ? 1 : 0);
    flags[1].push(ended && seeds[i] % 2 === 1 ? 1 : 0);
    if (!ended) continue;
    finals.push([seeds[i] % 1000, 3]);
    seeds[i] = body.readUInt32LE(4 * i);
    steps[i] = 0;
  }
  result(rewards, flags, finals);
}

process.stdin.on("data", (chunk) => {
  pending = Buffer.concat([pending, chunk]);
  while (pending.length >= 12) {
    const end = 12 + pending.readUInt32LE(8);
    if (pending.length < end) return;
    const kind = pending.readUInt32LE(4);
    const body = Buffer.from(pending.subarray(12, end));
    pending = pending.subarray(end);
    if (kind === 1) open(JSON.parse(body.toString()));
    else if (kind === 2) reset(body);
    else step(body);
  }
});
process.stdin.on("end", () => process.exit(0));
