// Matrix product C = epilogue(A · B), any sizes, any transposes: how the work is cut up. The arithmetic is in tiles.ts, and
// for at most four columns in narrow.ts.
//
// B is read in rows of 8. It is copied into panels of 8 columns when it is transposed, when its last columns do not fill a
// panel, or when its rows are so far apart that they would fight for the same cache sets; Aᵀ is copied for the same reason.
// k is cut into blocks so that a strip of A and a panel of B stay in the first-level cache.

import { EPILOGUE_NONE, EPILOGUE_TANH_GRAD } from "./epilogue";
import { NARROW, narrowProduct, narrowScratchBytes } from "./narrow";
import { packPanel, packPanelTransposed, packRows } from "./pack";
import { strip, tile1 } from "./tiles";

const BLOCK_K: i32 = 128;
const BLOCK_M: i32 = 64;
const PANELS: i32 = 4;
/** Rows of B further apart than this many bytes are copied into panels first. */
const DIRECT_STRIDE: usize = 256;

/** Bytes of scratch that `gemm` needs. */
export function gemmScratchBytes(n: i32, k: i32): i32 {
  if (n <= NARROW) return narrowScratchBytes(k);
  const panels = (n + 7) >> 3;
  return (panels * BLOCK_K * 8 + BLOCK_M * BLOCK_K) * 4;
}

/**
 * C [m × n] = epilogue(A · B). A is stored [m × k], or [k × m] when transposeA; B [k × n], or [n × k] when transposeB is 2, or
 * when it is PANELS in panels of 8 columns already, each [k × 8], with zeros behind the last column (n > NARROW only).
 * `aux` is the bias [n] or y [m × n], as the epilogue needs.
 */
export function gemm(
  a: usize, b: usize, c: usize, m: i32, n: i32, k: i32,
  transposeA: i32, transposeB: i32, epilogue: i32, aux: usize, scratch: usize,
): void {
  const strideC: usize = (<usize>n) << 2;
  const strideAux: usize = epilogue >= EPILOGUE_TANH_GRAD ? strideC : 0;
  if (n <= NARROW) {
    narrowProduct(a, b, c, m, n, k, transposeA, transposeB, epilogue, aux, strideAux, scratch);
    return;
  }
  const strideA: usize = (<usize>(transposeA ? m : k)) << 2;
  const strideB: usize = (<usize>(transposeB ? k : n)) << 2;
  wideProduct(a, strideA, b, strideB, c, strideC, m, n, k, transposeA, transposeB, false, epilogue, aux, strideAux, scratch);
}

/**
 * The same in tiles of 8 columns, whatever n is, of matrices whose rows are so many bytes apart. `add`: to what is in C. The
 * scratch is that of n > NARROW.
 */
export function wideProduct(
  a: usize, strideA: usize, b: usize, strideB: usize, c: usize, strideC: usize, m: i32, n: i32, k: i32,
  transposeA: i32, transposeB: i32, add: bool, epilogue: i32, aux: usize, strideAux: usize, scratch: usize,
): void {
  const panels = (n + 7) >> 3;
  const copyA = transposeA && strideA > DIRECT_STRIDE;
  const laidOut = transposeB == PANELS;
  const copyB = !laidOut && (transposeB || (strideB > DIRECT_STRIDE && m > 8));
  const packedA = scratch + ((<usize>(panels * BLOCK_K * 8)) << 2);

  for (let k0 = 0; k0 < k; k0 += BLOCK_K) {
    const count = min(BLOCK_K, k - k0);
    const accumulate = add || k0 > 0;
    const step = k0 + count == k ? epilogue : EPILOGUE_NONE;
    for (let p = 0; p < panels && !laidOut; p++) {
      const j = p << 3;
      const columns = min(8, n - j);
      const panel = scratch + ((<usize>(p * BLOCK_K * 8)) << 2);
      if (transposeB) packPanelTransposed(panel, b + (<usize>j) * strideB + ((<usize>k0) << 2), strideB, columns, count);
      else if (copyB || columns < 8) packPanel(panel, b + (<usize>k0) * strideB + ((<usize>j) << 2), strideB, columns, count);
    }
    for (let i0 = 0; i0 < m; i0 += BLOCK_M) {
      const rows = min(BLOCK_M, m - i0);
      const whole = rows & ~3;
      const blockA = transposeA
        ? a + (<usize>k0) * strideA + ((<usize>i0) << 2)
        : a + (<usize>i0) * strideA + ((<usize>k0) << 2);
      if (copyA) packRows(packedA, blockA, strideA, rows, count);
      const startA = copyA ? packedA : blockA;
      const across: usize = transposeA ? 4 : strideA;
      const along: usize = copyA ? 16 : transposeA ? strideA : 4;
      const next = copyA ? (<usize>count) << 4 : 4 * across;
      for (let p = 0; p < panels; p++) {
        const j = p << 3;
        const columns = min(8, n - j);
        const direct = !laidOut && !copyB && columns == 8;
        const panel = direct
          ? b + (<usize>k0) * strideB + ((<usize>j) << 2)
          : laidOut ? b + ((<usize>(p * k + k0)) << 5) : scratch + ((<usize>(p * BLOCK_K)) << 5);
        const panelStride: usize = direct ? strideB : 32;
        let out = c + (<usize>i0) * strideC + ((<usize>j) << 2);
        let extra = aux + (<usize>i0) * strideAux + ((<usize>j) << 2);
        strip(startA, across, along, next, whole, panel, panelStride, count,
          out, strideC, columns, accumulate, step, extra, strideAux);
        // What is left below the last four rows is done by four panels, and one by one where fewer are left.
        const first = p & ~3;
        const byFour = first + 4 <= n >> 3;
        if (byFour && p > first) continue;
        const apart: usize = byFour ? (direct ? 32 : (<usize>(laidOut ? k : BLOCK_K)) << 5) : 0;
        out += (<usize>whole) * strideC;
        extra += (<usize>whole) * strideAux;
        for (let i = whole; i < rows; i++) {
          const start = transposeA ? blockA + ((<usize>i) << 2) : blockA + (<usize>i) * strideA;
          tile1(start, transposeA ? strideA : 4, panel, apart, panelStride, count,
            out, byFour ? 4 : 1, columns, accumulate, step, extra);
          out += strideC;
          extra += strideAux;
        }
      }
    }
  }
}
