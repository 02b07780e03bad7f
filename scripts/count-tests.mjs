/**
 * Prints "PASSED FAILED" of a Vitest JSON report, for .ci/run. A file that failed outside its tests, an error outside all
 * tests, a suite that ran no test and a missing report each count as a failure, so that nothing goes wrong unnoticed.
 *
 *   node scripts/count-tests.mjs REPORT.json EXIT_STATUS
 */
import { readFileSync } from "node:fs";

function count(file, status) {
  let report;
  try {
    report = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const passed = report.numPassedTests;
  const broken = report.testResults.filter(
    (result) => result.status === "failed" && !result.assertionResults.some((test) => test.status === "failed"),
  );
  const failed = report.numFailedTests + broken.length;
  return { passed, failed: failed === 0 && (status !== 0 || passed === 0) ? 1 : failed };
}

const { passed, failed } = count(process.argv[2], Number(process.argv[3]));
process.stdout.write(`${passed} ${failed}\n`);
