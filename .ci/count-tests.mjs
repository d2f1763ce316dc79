// Adds up the JSON reports of all packages, names what failed, and prints the sums as the last
// line. No report, or a package with tests and without a report, is a failure: silence must not
// look like success.
import { existsSync, globSync, readFileSync } from 'node:fs'

const totals = { passed: 0, failed: 0, skipped: 0 }
let missing = 0
for (const manifestPath of globSync('{packages,apps}/*/package.json')) {
  const folder = manifestPath.slice(0, -'/package.json'.length)
  const { scripts = {} } = JSON.parse(readFileSync(manifestPath, 'utf8'))
  if (scripts.test === undefined) continue
  const reports = globSync(`${folder}/.vitest/{json,e2e}/*.json`)
  if (!existsSync(`${folder}/.vitest/json/output.json`)) {
    console.error(`${folder} has tests and no report of them`)
    missing += 1
  }
  for (const path of reports) {
    const report = JSON.parse(readFileSync(path, 'utf8'))
    totals.passed += report.numPassedTests
    totals.failed += report.numFailedTests
    totals.skipped += (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0)
    for (const { assertionResults = [], name, status, message } of report.testResults ?? []) {
      const failed = assertionResults.filter((each) => each.status === 'failed')
      for (const { fullName } of failed) console.error(`failed: ${name}: ${fullName}`)
      if (status === 'failed' && failed.length === 0) {
        console.error(`failed: ${name}: ${message}`)
        missing += 1
      }
    }
  }
}
console.log(`${totals.passed} passed, ${totals.failed + missing} failed, ${totals.skipped} skipped`)
process.exit(totals.failed + missing > 0 || totals.passed === 0 ? 1 : 0)
