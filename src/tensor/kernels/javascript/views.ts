/** A memory seen as words: float32 and int32 alike. */
export interface Views {
  readonly floats: Float32Array;
  readonly ints: Int32Array;
}
