/**
 * TensorBoard's event records as bytes: TFRecord framing (length, masked CRC-32C of the length, data, masked CRC-32C of
 * the data) around Event messages (tensorflow/core/util/event.proto, summary.proto). Scalars only. Opening, naming and
 * appending to files is node/tensorboard.ts.
 */
import { bytes as bytesCheck, checkArguments, finiteNumber, named, wholeNumber } from "../arguments/checks.ts";
import { AscentError } from "../errors.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { type ProtobufField, ProtobufWriter, readProtobuf } from "./protobuf.ts";

/** Field numbers of Event, Summary, Summary.Value and SessionLog. */
const EVENT = { wallTime: 1, step: 2, fileVersion: 3, summary: 5, sessionLog: 7 } as const;
const SUMMARY_VALUE = 1;
const VALUE = { tag: 1, simpleValue: 2 } as const;
const SESSION_STATUS = 1;
const SESSION_START = 1;

const scalarsCheck = named("an object of numbers by tag", (one) => typeof one === "number");

/** The first record of every event file; version 2 is what lets TensorBoard honour session starts. */
export function fileVersionRecord(wallTime: number): Uint8Array {
  checkArguments("fileVersionRecord", { wallTime: finiteNumber }, { wallTime });
  return frame(new ProtobufWriter().double(EVENT.wallTime, wallTime).block(EVENT.fileVersion, "brain.Event:2"));
}

/** Says that a session starts at `step`: TensorBoard drops what earlier files say about that step and later ones. */
export function sessionStartRecord(wallTime: number, step: number): Uint8Array {
  checkArguments("sessionStartRecord", { wallTime: finiteNumber, step: wholeNumber() }, { wallTime, step });
  const sessionLog = new ProtobufWriter().varint(SESSION_STATUS, SESSION_START);
  const event = new ProtobufWriter().double(EVENT.wallTime, wallTime).varint(EVENT.step, step);
  return frame(event.block(EVENT.sessionLog, sessionLog));
}

/** One step's scalars. Wall time in seconds since 1970; values are stored as float32, NaN and infinities included. */
export function scalarsRecord(wallTime: number, step: number, scalars: Readonly<Record<string, number>>): Uint8Array {
  checkArguments(
    "scalarsRecord",
    { wallTime: finiteNumber, step: wholeNumber(), scalars: scalarsCheck },
    { wallTime, step, scalars },
  );
  const summary = new ProtobufWriter();
  for (const [tag, value] of Object.entries(scalars)) {
    summary.block(SUMMARY_VALUE, new ProtobufWriter().block(VALUE.tag, tag).float(VALUE.simpleValue, value));
  }
  const event = new ProtobufWriter().double(EVENT.wallTime, wallTime).varint(EVENT.step, step);
  return frame(event.block(EVENT.summary, summary));
}

export interface TensorboardScalar {
  tag: string;
  step: number;
  value: number;
  /** Seconds since 1970. */
  wallTime: number;
}

export interface TensorboardFile {
  fileVersion: string | undefined;
  scalars: TensorboardScalar[];
  /** The steps at which sessions were said to start. */
  sessionStarts: number[];
  /** Whether the last record is cut short, as a killed writer leaves it; it is left out. */
  truncated: boolean;
}

/**
 * The scalars of an event file, every CRC checked.
 * @throws AscentError "file" when a CRC does not match or a record is not an Event.
 */
export function readTensorboardScalars(bytes: Uint8Array): TensorboardFile {
  checkArguments("readTensorboardScalars", { bytes: bytesCheck }, { bytes });
  const file: TensorboardFile = { fileVersion: undefined, scalars: [], sessionStarts: [], truncated: false };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const start = at + 12;
    if (start > bytes.length) return { ...file, truncated: true };
    checkCrc(view, bytes, at, at + 8, "length");
    const end = start + view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
    if (end + 4 > bytes.length) return { ...file, truncated: true };
    checkCrc(view, bytes, start, end, "data");
    readEvent(bytes.subarray(start, end), file);
    at = end + 4;
  }
  return file;
}

function frame(event: ProtobufWriter): Uint8Array {
  const data = event.finish();
  const record = new Uint8Array(data.length + 16);
  const view = new DataView(record.buffer);
  view.setUint32(0, data.length, true);
  view.setUint32(8, maskedCrc32c(record, 0, 8), true);
  record.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return record;
}

function checkCrc(view: DataView, bytes: Uint8Array, start: number, end: number, part: string): void {
  const stored = view.getUint32(end, true);
  const computed = maskedCrc32c(bytes, start, end);
  if (stored === computed) return;
  throw new AscentError("file", {
    what: `The event file is damaged at byte ${start}: the CRC of a record's ${part} does not match`,
    got: `0x${stored.toString(16)}`,
    expected: `0x${computed.toString(16)}`,
    fix: "The records before it are sound; progress.csv holds the same figures.",
  });
}

function readEvent(data: Uint8Array, file: TensorboardFile): void {
  const event = readProtobuf(data);
  const wallTime = numberOf(event, EVENT.wallTime, 0);
  const step = numberOf(event, EVENT.step, 0);
  for (const { field, value } of event) {
    if (!(value instanceof Uint8Array)) continue;
    if (field === EVENT.fileVersion) file.fileVersion = new TextDecoder().decode(value);
    if (field === EVENT.sessionLog && numberOf(readProtobuf(value), SESSION_STATUS, 0) === SESSION_START) {
      file.sessionStarts.push(step);
    }
    if (field === EVENT.summary) readSummary(value, step, wallTime, file.scalars);
  }
}

function readSummary(data: Uint8Array, step: number, wallTime: number, scalars: TensorboardScalar[]): void {
  for (const { field, value: entry } of readProtobuf(data)) {
    if (field !== SUMMARY_VALUE || !(entry instanceof Uint8Array)) continue;
    const fields = readProtobuf(entry);
    const tag = fields.find((item) => item.field === VALUE.tag)?.value;
    if (!(tag instanceof Uint8Array) || !fields.some((item) => item.field === VALUE.simpleValue)) continue;
    scalars.push({
      tag: new TextDecoder().decode(tag),
      step,
      value: numberOf(fields, VALUE.simpleValue, 0),
      wallTime,
    });
  }
}

function numberOf(fields: readonly ProtobufField[], field: number, absent: number): number {
  const value = fields.find((item) => item.field === field)?.value;
  return typeof value === "number" ? value : absent;
}
