import { describe, expect, test } from "vitest";
import { overoptimisationStudy } from "../../src/overoptimisation/study.ts";

describe("the study's options", () => {
  test.each([
    [{ seeds: [] }, "seeds"],
    [{ seeds: [-1] }, "seeds"],
    [{ widths: [0] }, "widths"],
    [{ pairs: [] }, "pairs"],
    [{ noise: 2 }, "noise"],
    [{ members: 1 }, "members"],
    [{ betas: [0] }, "betas"],
    [{ onProgress: 3 as never }, "onProgress"],
    [{ completion: 3 } as never, "completion"],
  ])("%j is refused by name", async (options, name) => {
    await expect(overoptimisationStudy(options)).rejects.toThrow(name);
  });
});
