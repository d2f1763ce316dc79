import { spawnSync } from 'node:child_process'

type Need = 'root' | 'linux' | 'unshare' | 'mount' | 'strace' | 'gdb' | 'setsid' | 'python3' | 'git'

/** Why a test cannot run here; null if it can. Printed, because a silent skip looks like a pass. */
export function missing(...needs: readonly Need[]): string | null {
  for (const need of needs) {
    if (need === 'linux') {
      if (process.platform !== 'linux') return say('needs Linux')
    } else if (need === 'root') {
      if (process.getuid?.() !== 0) return say('needs to be root')
    } else if (spawnSync('sh', ['-c', `command -v ${need}`]).status !== 0) {
      return say(`needs ${need}`)
    }
  }
  if (needs.includes('unshare') && spawnSync('unshare', ['--pid', '--fork', 'true']).status !== 0) {
    return say('may not create pid namespaces')
  }
  return null
}

function say(reason: string): string {
  process.stdout.write(`skipped: ${reason}\n`)
  return reason
}
