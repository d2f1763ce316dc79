// @boundaries-ignore the repository's own tool configuration, not code of another package
import { packageTests } from '../../.config/vitest.package.ts'

/** No sibling is imported here, and the AWS SDK's `module` builds do not load in Node: Node's rules. */
export default { ...packageTests('lambda'), ssr: {} }
