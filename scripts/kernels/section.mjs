/** A WebAssembly module with a custom section behind it: a name and a text that engines pass over and programs can read. */
export function withSection(wasm, name, text) {
  const payload = Buffer.concat([withLength(Buffer.from(name)), Buffer.from(text)]);
  return Buffer.concat([wasm, Buffer.from([0]), withLength(payload)]);
}

function withLength(bytes) {
  if (bytes.length > 127) throw new Error("Lengths above 127 take more than one byte, which is not written here.");
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}
