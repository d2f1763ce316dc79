// The node-<os>-<cpu> packages write "os" and "cpu" as strings, which pnpm does not
// record in the lockfile; as lists they are skipped on other platforms.
const list = (value) => (typeof value === 'string' ? [value] : value)

export const hooks = {
  readPackage(pkg) {
    if (pkg.name?.startsWith('node-')) {
      pkg.os = list(pkg.os)
      pkg.cpu = list(pkg.cpu)
    }
    return pkg
  },
}
