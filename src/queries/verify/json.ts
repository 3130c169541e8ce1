import { putRight } from './advice.js';
import type { Finding, Verification } from './types.js';

/** The answer for machines, as docs/answers.md describes it. */
export function verificationJson(verification: Verification): Record<string, unknown> {
  const { scope, runs, cut, differ, unknown, settled, findings } = verification;
  return {
    scope,
    ...{ runs, cut, differ, unknown, agree: differ === 0 && unknown === 0 },
    settled: [...settled].map(([reason, count]) => ({ reason, runs: count })),
    findings: findings.map(findingJson),
  };
}

function findingJson(finding: Finding): Record<string, unknown> {
  if (finding.kind === 'unknown') return { kind: 'unknown', ...finding.run, reason: finding.reason };
  const { run, cause, differences, written } = finding;
  return {
    ...{ kind: 'differs', ...run, cause, written, putRight: putRight(finding) },
    differences: differences.map(({ key, there, should }) => ({
      key,
      there: there ?? null,
      should: should ?? null,
    })),
  };
}
