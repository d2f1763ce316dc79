import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** The living processes that run in a folder or below, or name it on their command line. */
export function processesIn(folder: string): readonly string[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        const isOurs =
          readlinkSync(`/proc/${pid}/cwd`).startsWith(folder) || command.includes(folder)
        // A zombie has no command line any more.
        return isOurs && command !== '' ? [`${pid} ${command}`] : []
      } catch {
        return []
      }
    })
}
