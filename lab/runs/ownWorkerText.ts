/**
 * The worker of a run in an environment of one's own: a module that imports the run's worker, then what takes everything but the
 * language away, and hands over what the text exports. Imports are run before all else, so the text meets nothing it should not,
 * whatever it is; but modules do not name the line of a syntax error, which has to be asked for before (syntaxProbe.ts).
 */
import { environmentFromSource, isProblem } from "../ownEnvironment/sourceText.ts";

export interface OwnWorkerText {
  text: string;
  /** The environment's part of it, an expression with as many lines before the text. */
  code: string;
  /** Lines before the first of the environment's text. */
  firstLine: number;
}

/**
 * @param address of the run's worker, complete.
 * @param lockdown address of the lockdown's module, complete.
 * @throws Error for a text that is no environment, with its line.
 */
export function ownWorkerText(source: string, address: string, lockdown: string): OwnWorkerText {
  const text = environmentFromSource(source);
  if (isProblem(text)) throw new Error(`Line ${text.line} of the environment's text: ${text.message}`);
  const imports = `import ${JSON.stringify(address)}; import ${JSON.stringify(lockdown)};`;
  const names = `const { ${text.names.join(", ")} } = globalThis.ascentOffered;`;
  // On one line, and the expression has one of its own before the text.
  const hand = `try { globalThis.ascentOwn(${text.code}); } catch (error) { globalThis.ascentRefuse(error); }`;
  return { text: `${imports} ${names} ${hand}`, code: text.code, firstLine: 1 };
}
