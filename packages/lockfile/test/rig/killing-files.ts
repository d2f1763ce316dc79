import { type FileSystem, systemFiles } from '../../src/system/file-system.ts'

/** The real file system, for `calls - 1` calls; then this process is killed as by `kill -9`. */
export function killingFiles(calls: number): FileSystem {
  let left = calls
  return new Proxy(systemFiles, {
    get: (target, name: keyof FileSystem) => {
      return (...args: never[]): unknown => {
        left -= 1
        if (left === 0) process.kill(process.pid, 'SIGKILL')
        return Reflect.apply(target[name], target, args)
      }
    },
  })
}
