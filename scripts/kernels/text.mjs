/**
 * Bytes as printable text that gzip squeezes to what the bytes themselves would come to (of hexadecimal it leaves an eighth
 * more, of base64 half as much again). A byte is one character of 88, or one behind another that says which of the other 168 it is;
 * counted from 251, so that the most frequent bytes of WebAssembly are among the 88. No character has to be escaped in a string.
 */
const alphabet = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
  (c) => !"\"'`$\\".includes(c),
);
const SINGLE = 88;
const FIRST = 251;

export function encodeText(bytes) {
  let text = "";
  for (const byte of bytes) {
    const place = (byte - FIRST) & 255;
    const high = Math.floor(place / SINGLE);
    if (high > 0) text += alphabet[SINGLE + high - 1];
    text += alphabet[place % SINGLE];
  }
  return text;
}

/** The bytes. Its twin in the library is src/tensor/kernels/embedded.ts. */
export function decodeText(text) {
  const bytes = [];
  let high = 0;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit >= SINGLE) high = (digit - SINGLE + 1) * SINGLE;
    else {
      bytes.push((high + digit + FIRST) & 255);
      high = 0;
    }
  }
  return Buffer.from(bytes);
}
