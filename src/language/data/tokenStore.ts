/**
 * Many rows of token ids, two or four bytes an id, in pieces that grow with the data: a corpus of gigabytes does not fit into lists
 * of numbers. Rows are handed out as plain lists, one at a time.
 */

/** Ids of one piece. */
const PIECE = 1 << 20;

/** Sequences of ids in the order they were added. */
export class TokenStore {
  readonly #wide: boolean;
  readonly #pieces: (Uint16Array | Int32Array)[] = [];
  #used = 0;
  /** Piece and offset of each sequence, and its length. */
  readonly #starts: number[] = [];
  readonly #lengths: number[] = [];

  /** @param vocabularySize ids are below it. */
  constructor(vocabularySize: number) {
    this.#wide = vocabularySize > 65536;
  }

  get count(): number {
    return this.#lengths.length;
  }

  lengthOf(index: number): number {
    return this.#lengths[index];
  }

  add(ids: readonly number[]): void {
    let piece = this.#pieces.at(-1);
    if (piece === undefined || this.#used + ids.length > piece.length) {
      const size = Math.max(PIECE, ids.length);
      piece = this.#wide ? new Int32Array(size) : new Uint16Array(size);
      this.#pieces.push(piece);
      this.#used = 0;
    }
    piece.set(ids, this.#used);
    this.#starts.push(this.#pieces.length - 1, this.#used);
    this.#lengths.push(ids.length);
    this.#used += ids.length;
  }

  get(index: number): number[] {
    const [piece, start] = [this.#starts[2 * index], this.#starts[2 * index + 1]];
    return Array.from(this.#pieces[piece].subarray(start, start + this.#lengths[index]));
  }
}
