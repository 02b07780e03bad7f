// Kernels that move numbers: strided copies, rows and entries picked by index. Index kernels return 0 when an index lies
// outside, and have then written nothing beyond their output.

/**
 * Copies a block between two strided layouts of any 4-byte type. `table`: rank, then for each axis its size, then the
 * source's strides, then the target's, in elements.
 */
export function copyStrided(out: usize, x: usize, table: usize): void {
  const rank = load<i32>(table);
  copyAxis(out, x, table + 4, rank, 0);
}

/** The last axis, its steps in bytes. Short rows by hand: a call of the host's copy takes as long as some hundred bytes. */
function copyRow(out: usize, x: usize, size: i32, from: usize, to: usize): void {
  const bytes = (<usize>size) << 2;
  if (from == 4 && to == 4) {
    if (bytes > 512) {
      memory.copy(out, x, bytes);
      return;
    }
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(out + j, v128.load(x + j));
    for (; j < bytes; j += 4) store<i32>(out + j, load<i32>(x + j));
    return;
  }
  for (let i = 0; i < size; i++) {
    store<i32>(out, load<i32>(x));
    out += to;
    x += from;
  }
}

/** A step of an axis, in bytes. */
@inline
function step(at: usize): usize {
  return (<usize>load<i32>(at)) << 2;
}

function copyAxis(out: usize, x: usize, table: usize, rank: i32, axis: i32): void {
  const at = table + ((<usize>axis) << 2);
  const across = (<usize>rank) << 2;
  const size = load<i32>(at);
  const from = step(at + across), to = step(at + 2 * across);
  if (axis == rank - 1) {
    copyRow(out, x, size, from, to);
    return;
  }
  const last = axis == rank - 2;
  const inner = load<i32>(at, 4), innerFrom = step(at + across + 4), innerTo = step(at + 2 * across + 4);
  for (let i = 0; i < size; i++) {
    if (last) copyRow(out, x, inner, innerFrom, innerTo);
    else copyAxis(out, x, table, rank, axis + 1);
    out += to;
    x += from;
  }
}

/** out[i] = x[indices[i]], rows of `width` 4-byte entries. */
export function gatherRows(out: usize, x: usize, indices: usize, count: i32, width: i32, rows: i32): i32 {
  const bytes = (<usize>width) << 2;
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + ((<usize>i) << 2));
    if (<u32>index >= <u32>rows) return 0;
    const from = x + <usize>index * bytes;
    let j: usize = 0;
    for (; j + 16 <= bytes; j += 16) v128.store(out + j, v128.load(from + j));
    for (; j < bytes; j += 4) store<i32>(out + j, load<i32>(from + j));
    out += bytes;
  }
  return 1;
}

/** out = 0, then out[indices[i]] += values[i]. */
export function scatterRows(out: usize, values: usize, indices: usize, count: i32, width: i32, rows: i32): i32 {
  const bytes = (<usize>width) << 2;
  memory.fill(out, 0, <usize>rows * bytes);
  for (let i = 0; i < count; i++) {
    const index = load<i32>(indices + ((<usize>i) << 2));
    if (<u32>index >= <u32>rows) return 0;
    const to = out + <usize>index * bytes;
    for (let j: usize = 0; j < bytes; j += 4) store<f32>(to + j, load<f32>(to + j) + load<f32>(values + j));
    values += bytes;
  }
  return 1;
}

/** out[i] = x[i, indices[i]], or, to take off, what is there less that. */
export function takeLast(out: usize, x: usize, indices: usize, rows: i32, width: i32, takeOff: i32): i32 {
  for (let i = 0; i < rows; i++) {
    const index = load<i32>(indices + ((<usize>i) << 2));
    if (<u32>index >= <u32>width) return 0;
    const to = out + ((<usize>i) << 2);
    const value = load<f32>(x + ((<usize>(i * width + index)) << 2));
    store<f32>(to, takeOff ? load<f32>(to) - value : value);
  }
  return 1;
}

/** out = 0, then out[i, indices[i]] = values[i]; or, to take off, values[i] less of what is there. */
export function putLast(out: usize, values: usize, indices: usize, rows: i32, width: i32, takeOff: i32): i32 {
  if (!takeOff) memory.fill(out, 0, (<usize>(rows * width)) << 2);
  for (let i = 0; i < rows; i++) {
    const index = load<i32>(indices + ((<usize>i) << 2));
    if (<u32>index >= <u32>width) return 0;
    const to = out + ((<usize>(i * width + index)) << 2);
    const value = load<f32>(values + ((<usize>i) << 2));
    store<f32>(to, takeOff ? load<f32>(to) - value : value);
  }
  return 1;
}

/** out[i] = value, 4-byte entries given as bits. */
export function fill(out: usize, bits: i32, count: i32): void {
  const lanes = i32x4.splat(bits);
  let i = 0;
  for (; i + 4 <= count; i += 4) v128.store(out + ((<usize>i) << 2), lanes);
  for (; i < count; i++) store<i32>(out + ((<usize>i) << 2), bits);
}
