/** What the library asks for in Node only; pages do not have it. */
declare const setImmediate: ((callback: () => void) => unknown) | undefined;
