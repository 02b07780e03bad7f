/**
 * The thread that owns the Python process and its pipes, so that the thread of training can wait for it with a deadline. It is plain
 * JavaScript, because it has to be a file that Node runs as it is, from the sources too. Frames are described in server.py.
 */
import { spawn } from "node:child_process";
import { parentPort, workerData } from "node:worker_threads";

const { command, args, control, port } = workerData;
const MAGIC = 0x31435341;
const HEADER = 12;
const READY = 1;
const RESULT = 2;
/** Bytes of a READY or FAILURE: what is longer is none. */
const LONGEST_TEXT = 1 << 26;
/** Characters of standard error kept for the message, should the process die. */
const KEPT = 3000;
/** Places in `control`, as in pythonLink.ts. */
const TURN = 0;
const LENGTH = 1;
const PID = 2;
const ANSWERED = 1;
const TOLD = 2;

let request;
let answer;
let over = false;
let complaints = "";
const header = Buffer.alloc(HEADER);
let headerFilled = 0;
let kind = 0;
let length = 0;
let filled = 0;
let text;

function wake(turn) {
  Atomics.store(control, TURN, turn);
  Atomics.notify(control, TURN);
}

function tell(message) {
  if (over) return;
  over = message.failure !== undefined;
  port.postMessage(message);
  wake(TOLD);
}

function garbage(bytes) {
  tell({ failure: { sort: "garbage", text: Buffer.from(bytes.subarray(0, 120)).toString("latin1") } });
  child.kill("SIGKILL");
}

/** Called once a frame's header is whole; false when it is no header. */
function begin() {
  kind = header.readUInt32LE(4);
  length = header.readUInt32LE(8);
  filled = 0;
  const most = kind === RESULT ? (answer?.length ?? 0) : LONGEST_TEXT;
  if (header.readUInt32LE(0) !== MAGIC || kind < 1 || kind > 3 || length > most) return false;
  text = kind === RESULT ? undefined : Buffer.alloc(length);
  return true;
}

function finish() {
  headerFilled = 0;
  if (kind === RESULT) {
    Atomics.store(control, LENGTH, length);
    return wake(ANSWERED);
  }
  try {
    const said = JSON.parse(text.toString("utf8"));
    tell(kind === READY ? { ready: said } : { failure: said });
  } catch {
    garbage(text);
  }
}

function take(chunk) {
  let at = 0;
  while (at < chunk.length && !over) {
    if (headerFilled < HEADER) {
      const n = Math.min(HEADER - headerFilled, chunk.length - at);
      chunk.copy(header, headerFilled, at, at + n);
      headerFilled += n;
      at += n;
      if (headerFilled < HEADER) return;
      if (!begin()) return garbage(Buffer.concat([header, chunk.subarray(at)]));
    }
    const n = Math.min(length - filled, chunk.length - at);
    (text ?? answer).set(chunk.subarray(at, at + n), filled);
    filled += n;
    at += n;
    if (filled === length) finish();
  }
}

function send(kindOfRequest, body) {
  const frame = Buffer.alloc(HEADER + body.length);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(kindOfRequest, 4);
  frame.writeUInt32LE(body.length, 8);
  frame.set(body, HEADER);
  child.stdin.write(frame);
}

const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
Atomics.store(control, PID, child.pid ?? 0);
child.stdout.on("data", take);
child.stderr.setEncoding("utf8").on("data", (said) => {
  complaints = (complaints + said).slice(-KEPT);
});
// A process that is gone says so by `close`, with its last words.
child.stdin.on("error", () => {});
child.on("error", (error) => tell({ failure: { sort: "start", code: error.code ?? "", text: error.message } }));
child.on("close", (code, killedBy) => {
  // Beginnings that are no header: words where frames should be, from something that ended at once.
  if (headerFilled > 0 && headerFilled < HEADER) {
    tell({ failure: { sort: "garbage", text: header.subarray(0, headerFilled).toString("latin1") } });
  }
  tell({ failure: { sort: "died", text: `${killedBy ?? `exit code ${code}`}`, complaints: complaints.trim() } });
  port.close();
  parentPort.close();
});
parentPort.on("message", (message) => {
  if (message.open !== undefined) send(1, Buffer.from(JSON.stringify(message.open)));
  else if (message.memory !== undefined) {
    request = new Uint8Array(message.memory.request);
    answer = new Uint8Array(message.memory.answer);
  } else if (message.ask !== undefined) send(message.ask, request.slice(0, message.length));
  else if (message.close) {
    over = true;
    child.stdin.end();
  }
});
