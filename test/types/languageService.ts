/** What an editor asks of TypeScript 5.9 about a project. */

import ts from "typescript-5.9";

/** @param virtual files that are nowhere, by path: they count as the project's. */
export function languageService(config: string, virtual: ReadonlyMap<string, string>): ts.LanguageService {
  const { fileNames, options } = ts.getParsedCommandLineOfConfigFile(config, undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, "\n"));
    },
  }) as ts.ParsedCommandLine;
  const { readFile, directoryExists } = ts.sys;
  return ts.createLanguageService({
    readFile,
    directoryExists,
    fileExists: (file) => virtual.has(file) || ts.sys.fileExists(file),
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...fileNames, ...virtual.keys()],
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => {
      const text = virtual.get(file) ?? readFile(file);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
  });
}
