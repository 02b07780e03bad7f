/** An environment of the reader's own as text: what it is made into, lines of errors, what comes back from its worker. */

import { describe, expect, test } from "vitest";
import { isDrawable, readCheckReply } from "../../lab/ownEnvironment/checkProtocol.ts";
import { examples } from "../../lab/ownEnvironment/examples.ts";
import { replyGuard } from "../../lab/ownEnvironment/guardReplies.ts";
import { lineInStack, lineOfFinding, within } from "../../lab/ownEnvironment/linesOf.ts";
import { environmentFromSource, isProblem, OFFERED } from "../../lab/ownEnvironment/sourceText.ts";
import * as ascent from "../../src/index.ts";
import { whyNotScene } from "../../src/scenes/index.ts";

/** What the text exports, as the worker has it. */
function exported(source: string): unknown {
  const text = environmentFromSource(source);
  if (isProblem(text)) throw new Error(text.message);
  const offered = text.names.map((name) => (ascent as Record<string, unknown>)[name]);
  return new Function(...text.names, `return ${text.code}`)(...offered);
}

describe("environmentFromSource", () => {
  test("gives what the text exports, with what is offered, each line one below its own", () => {
    const source = 'import { box,\n  discrete } from "ascent-rl";\n\nconst n = 3;\nexport default () => discrete(n);';
    expect((exported(source) as () => unknown)()).toEqual(ascent.discrete(3));
    const text = environmentFromSource(source);
    if (isProblem(text)) throw new Error(text.message);
    expect(text.code.split("\n")[5]).toBe("return () => discrete(n);");
    expect(text.names).toEqual(["discrete", "box"]);
  });

  test("everything that is offered is an export of the library", () => {
    for (const name of OFFERED) expect(ascent).toHaveProperty(name);
  });

  test.each<[string, string, number, RegExp]>([
    ["no export", "const a = 1;\nconst b = 2;", 1, /must have one export/],
    ["two exports", "export default 1;\nexport const b = 2;", 2, /must have one export/],
    ["a named export", "\nexport const b = 2;", 2, /must have one export/],
    ["another module", 'export default 1;\nimport { a } from "./a.js";', 2, /Only import/],
    ["a dynamic import", 'export default () => {\n\n  import("x");\n};', 3, /Only import/],
    ["import.meta", "export default () => import.meta.url;", 1, /Only import/],
    [
      "a name that is not offered",
      'import { train } from "ascent-rl";\nexport default 1;',
      1,
      /"train" is not offered/,
    ],
    ["a text too long for a link", `export default 1;${" ".repeat(9000)}`, 1, /at most 8000/],
  ])("%s", (_, source, line, message) => {
    const problem = environmentFromSource(source);
    expect(problem).toMatchObject({ line });
    expect(isProblem(problem) && problem.message).toMatch(message);
  });

  test("what stands in comments and quotes is no import and no export", () => {
    const source = '// import and export default are words\nexport default "import x"; /* export\n import */';
    expect(exported(source)).toBe("import x");
  });
});

describe("the examples", () => {
  test.each(examples.map(({ name, source }) => [name, source]))(
    "%s: at most 25 lines, keeps the contract, and draws itself",
    (_, source) => {
      expect(source.split("\n").length).toBeLessThanOrEqual(25);
      const factory = exported(source) as ascent.EnvironmentFactory;
      const findings = ascent.checkEnvironment(factory, { maxEpisodeSteps: 200 });
      expect(findings.filter(({ level }) => level === "error")).toEqual([]);
      const environment = factory();
      environment.reset({ seed: 1 });
      expect(whyNotScene(environment.scene?.())).toBeUndefined();
    },
  );
});

describe("lines", () => {
  test("of a stack, in Chromium's and in Firefox's way", () => {
    expect(
      lineInStack("TypeError: x\n    at step (blob:http://localhost/1-2:7:13)\n    at y (http://h/a.js:1:2)"),
    ).toBe(7);
    expect(lineInStack("step@blob:http://localhost:80/1-2:7:13")).toBe(7);
    expect(lineInStack("TypeError: x\n    at http://h/a.js:1:2")).toBeUndefined();
    expect(lineInStack(undefined)).toBeUndefined();
  });

  test("of a finding: the part that its message names, else the first part that the rule is about", () => {
    const source = "a\nobservationSpace: 1,\nactionSpace: 2,\nreset() {\nstep() {";
    expect(lineOfFinding("spaces", "got actionSpace = 2", source)).toBe(3);
    expect(lineOfFinding("spaces", "got something", source)).toBe(2);
    expect(lineOfFinding("step", "got nothing from step()", source)).toBe(5);
    expect(lineOfFinding("flags", "got terminated", source)).toBe(5);
    expect(lineOfFinding("unknown", "step", source)).toBeUndefined();
    expect([within(99, source), within(0, source)]).toEqual([5, 1]);
  });
});

describe("what a worker says is read as something that may be wrong", () => {
  const scene = { left: 0, right: 1, bottom: 0, top: 1, shapes: [], words: "Here." };
  const checked = { findings: [], scenes: [scene], observationSpace: "a", actionSpace: "b" };

  test("replies that are ones", () => {
    expect(readCheckReply({ kind: "begun", more: 1 })).toEqual({ kind: "begun" });
    expect(readCheckReply({ kind: "threw", message: "no", line: 3 })).toEqual({
      kind: "threw",
      message: "no",
      line: 3,
    });
    expect(readCheckReply({ kind: "threw", message: "no", line: "3" })).toEqual({ kind: "threw", message: "no" });
    expect(readCheckReply({ kind: "checked", checked })).toEqual({ kind: "checked", checked });
  });

  test.each<[string, unknown]>([
    ["nothing", undefined],
    ["a text", "begun"],
    ["another kind", { kind: "run" }],
    ["findings of another form", { kind: "checked", checked: { ...checked, findings: [{ level: "fatal" }] } }],
    ["scenes that are none", { kind: "checked", checked: { ...checked, scenes: [{}] } }],
    ["no list", { kind: "checked", checked: { ...checked, scenes: "x" } }],
    ["a message that is no text", { kind: "threw", message: {} }],
  ])("%s is none", (_, data) => {
    expect(readCheckReply(data)).toBeUndefined();
  });

  test("a scene so large that drawing it would hold up the page is none", () => {
    const dot = { kind: "circle", x: 0, y: 0, radius: 1 };
    expect(isDrawable({ ...scene, shapes: new Array(500).fill(dot) })).toBe(true);
    expect(isDrawable({ ...scene, shapes: new Array(501).fill(dot) })).toBe(false);
    const line = { kind: "polyline", stroke: "ink", points: new Array(20_000).fill([0, 0]) };
    expect(isDrawable({ ...scene, shapes: [line] })).toBe(false);
  });

  test("a run's replies: known kinds in their form, and no flood", () => {
    let now = 0;
    const guard = replyGuard(() => now);
    expect(guard({ kind: "alive" })).toBeUndefined();
    expect(guard({ kind: "iterations", rows: 1, values: new Float64Array(3) })).toBeUndefined();
    expect(guard({ kind: "iterations", rows: 1, values: [1] })).toContain('"iterations" of another form');
    expect(guard({ kind: "toString" })).toContain("no known kind");
    expect(guard(7)).toContain("no known kind");
    expect(guard({ kind: "scene", scene: {} })).toContain('"scene"');
    for (let i = 0; i < 594; i++) expect(guard({ kind: "alive" })).toBeUndefined();
    expect(guard({ kind: "alive" })).toContain("more than 600");
    now = 1001;
    expect(guard({ kind: "alive" })).toBeUndefined();
  });
});
