// @boundaries-ignore the repository's own tool configuration, not code of another package
import { packageTests } from '../../.config/vitest.package.ts'

export default packageTests('benchmarks')
