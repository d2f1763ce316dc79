/**
 * The entry of the program that *Start* runs. It says that a Node is too old in words, before
 * anything is loaded that such a Node cannot even link.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

// What the lowest supported editor brings.
if (major > 22 || (major === 22 && minor >= 18)) {
  // A file of its own in the bundle, too.
  await import('./session-program.ts')
} else {
  process.stderr.write(
    `Node.js ${process.versions.node} is too old for a session, which needs 22.18 or later; set "singletrack.node" to a newer one\n`,
  )
  process.exitCode = 70
}
