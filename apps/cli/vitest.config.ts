// @boundaries-ignore the repository's own tool configuration, not code of another package
import { packageTests } from '../../.config/vitest.package.ts'

// Most of its tests start several programs one after the other.
export default packageTests('cli', 180_000)
