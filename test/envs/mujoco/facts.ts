/** A compiled model against the facts that were read from the reference's: every number of every field, by name. */
import type { MainModule, MjModel } from "@mujoco/mujoco";

type Json = number | string | boolean | null | readonly Json[] | { readonly [name: string]: Json };
type Item = Readonly<Record<string, Json>>;
export type Facts = Readonly<Record<string, Json>>;

/** Of which table of the model a list of facts is, and by which kind its names are. */
const TABLES = {
  body: { prefix: "body", kind: "mjOBJ_BODY" },
  jnt: { prefix: "jnt", kind: "mjOBJ_JOINT" },
  geom: { prefix: "geom", kind: "mjOBJ_GEOM" },
  site: { prefix: "site", kind: "mjOBJ_SITE" },
  actuator: { prefix: "actuator", kind: "mjOBJ_ACTUATOR" },
  tendon: { prefix: "tendon", kind: "mjOBJ_TENDON" },
} as const;

export interface Difference {
  field: string;
  got: unknown;
  expected: unknown;
  error: number;
}

/** All fields that are further from the facts than the tolerance, and how many numbers and names were compared. */
export function compareWithFacts(mj: MainModule, model: MjModel, facts: Facts, tolerance: number) {
  const differences: Difference[] = [];
  let compared = 0;
  const compare = (field: string, got: unknown, expected: Json): void => {
    if (Array.isArray(expected)) {
      for (const [i, one] of expected.entries()) compare(`${field}[${i}]`, (got as ArrayLike<unknown>)[i], one);
      return;
    }
    compared++;
    const error =
      typeof expected === "number" ? Math.abs(Number(got) - expected) : got === expected ? 0 : Number.POSITIVE_INFINITY;
    if (!(error <= tolerance)) differences.push({ field, got, expected, error });
  };
  const read = (name: string): unknown => {
    const value = (model as unknown as Record<string, unknown>)[name];
    if (value === undefined) throw new Error(`The model has no ${name}`);
    return value;
  };
  const kindOf = (text: string): unknown => {
    const kinds = mj as unknown as Record<string, Record<string, { value: number }>>;
    return kinds[text.startsWith("mjJNT") ? "mjtJoint" : text.startsWith("mjTRN") ? "mjtTrn" : "mjtGeom"][text].value;
  };

  for (const name of ["nq", "nv", "nu", "qpos0"]) compare(name, read(name), facts[name]);
  for (const [name, value] of Object.entries(facts["option"] as Item)) {
    compare(`option.${name}`, (model.opt as unknown as Record<string, unknown>)[name], value);
  }
  for (const [name, value] of Object.entries(facts["dof"] as Item)) compare(`dof.${name}`, read(`dof_${name}`), value);
  for (const [name, value] of Object.entries((facts["wrap"] ?? {}) as Item)) {
    compare(`wrap.${name}`, read(name.startsWith("tendon") ? name : `wrap_${name}`), value);
  }
  for (const [list, { prefix, kind }] of Object.entries(TABLES)) {
    const items = facts[list] as readonly Item[];
    compare(`${list}: how many`, read(prefix === "jnt" ? "njnt" : `n${prefix}`), items.length);
    for (const [i, item] of items.entries()) {
      for (const [field, expected] of Object.entries(item)) {
        const where = `${list}[${i}].${field}`;
        if (field === "name") {
          // What has no name is given as text from address 0: whether there is one is asked of the names by number.
          const name = mj.mj_id2name(model, mj.mjtObj[kind].value, i);
          compare(where, mj.mj_name2id(model, mj.mjtObj[kind].value, name) === i ? name : null, expected);
          continue;
        }
        // Views of flags are not in the package's build; one element at a time can be read.
        if (typeof expected === "boolean") {
          const element = (model as unknown as Record<string, (index: number) => Item>)[prefix](i);
          compare(where, Boolean(element[field]), expected);
          continue;
        }
        const all = read(`${prefix}_${field}`) as ArrayLike<number>;
        const size = all.length / items.length;
        const expectedNumbers = [expected].flat().map((x) => (typeof x === "string" ? kindOf(x) : Number(x)));
        // Facts list the first few of the parameters of actuators.
        const row = Array.from({ length: expectedNumbers.length }, (_, k) => all[i * size + k]);
        compare(where, row, expectedNumbers as Json);
      }
    }
  }
  return { differences, compared };
}
