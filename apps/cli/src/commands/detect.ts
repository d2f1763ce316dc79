import {
  type DetectionResult,
  describeProblem,
  detectWorkspace,
} from '@singletrack/orchestrator/configuration'

import { Failure } from '../failure.ts'

export type Detected = DetectionResult & { readonly kind: 'detected' }

/**
 * What there is to build and run without a configuration.
 *
 * @throws {Failure} when there is nothing, or what is there cannot be read.
 */
export async function detect(root: string): Promise<Detected> {
  const found = await detectWorkspace(root, { environment: process.env })
  switch (found.kind) {
    case 'detected':
      return found
    case 'nothing':
      throw new Failure(
        'NOTHING_FOUND',
        `found neither a Cargo workspace with programs nor a package.json with a script dev, build or start in ${root}; ` +
          'write a singletrack.jsonc such as { "targets": { "api": { "run": ["node", "server.js"] } } }',
      )
    case 'invalid':
      throw new Failure(
        'DETECTION_FAILED',
        found.problems
          .map((problem) => describeProblem(problem, { cwd: process.cwd() }))
          .join('\n'),
        { details: { problems: found.problems } },
      )
  }
}
