/**
 * Imported by a worker before a text of the reader's, which then finds the language and nothing else: no network, no storage, no
 * other workers, no way to the page but what the modules before it have kept for themselves, no code from text. A policy of the
 * host (CSP) forbids most of it too; this holds where there is none.
 */

/** Globals that stay, beside those of the language that a realm cannot do without. */
const KEPT = new Set([
  ...[
    "globalThis",
    "self",
    "Function",
    "undefined",
    "NaN",
    "Infinity",
    "Object",
    "Array",
    "Number",
    "String",
    "Boolean",
    "Symbol",
  ],
  ...["BigInt", "Math", "JSON", "Date", "RegExp", "Map", "Set", "WeakMap", "WeakSet", "WeakRef", "Promise", "Proxy"],
  ...["Reflect", "Intl", "Iterator", "FinalizationRegistry", "ArrayBuffer", "DataView", "Atomics", "WebAssembly"],
  ...["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array"],
  ...["Float16Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"],
  ...["Error", "AggregateError", "EvalError", "RangeError", "ReferenceError", "SyntaxError", "TypeError", "URIError"],
  ...["parseInt", "parseFloat", "isNaN", "isFinite", "encodeURIComponent", "decodeURIComponent"],
  ...["encodeURI", "decodeURI", "escape", "unescape", "constructor"],
  // What the library and the workers' modules go on to use.
  ...["performance", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "queueMicrotask", "MessageChannel"],
  ...["structuredClone", "TextEncoder", "TextDecoder", "AbortController", "AbortSignal", "DOMException", "Event"],
  ...["EventTarget", "atob", "btoa", "console", "crypto", "process", "setImmediate"],
  ...["ascentOffered", "ascentOwn", "ascentRefuse", "ascentCheck"],
]);

function remove(holder: object, name: PropertyKey, value?: unknown): void {
  try {
    Object.defineProperty(holder, name, { value, writable: false, configurable: false });
  } catch {
    // One that cannot be changed is taken away if it can be, and is listed by the test if not.
    Reflect.deleteProperty(holder, name);
  }
}

for (
  let holder: object | null = globalThis;
  holder !== null && holder !== EventTarget.prototype && holder !== Object.prototype;
  holder = Object.getPrototypeOf(holder)
) {
  for (const name of Reflect.ownKeys(holder)) {
    if (typeof name === "string" && !KEPT.has(name)) remove(holder, name);
  }
}

// Functions from text, by whichever way: (() => {}).constructor is Function. Libraries look at the constructor's prototype.
for (const kind of [() => {}, async () => {}, function* () {}, async function* () {}]) {
  const prototype: object = Object.getPrototypeOf(kind);
  const refuse = () => {
    throw new TypeError("functions are not made from text here");
  };
  remove(prototype, "constructor", Object.defineProperty(refuse, "prototype", { value: prototype }));
}
remove(globalThis, "Function", Object.getPrototypeOf(() => {}).constructor);

// A timer takes a text too.
for (const name of ["setTimeout", "setInterval"] as const) {
  const original = globalThis[name] as (call: unknown, ...rest: unknown[]) => unknown;
  const checked = (call: unknown, ...rest: unknown[]) => {
    if (typeof call !== "function") throw new TypeError(`${name} takes a function`);
    return original(call, ...rest);
  };
  Object.defineProperty(globalThis, name, { value: checked, writable: false, configurable: false });
}
