import { parse, posix, resolve } from 'node:path'

/**
 * Paths inside the package are absolute with forward slashes, on every platform. On Windows the top
 * of a drive is `C:/`, elsewhere it is `/`.
 */
export function toAbsolute(path: string, base: string = process.cwd()): string {
  return toSlashes(resolve(base, path))
}

export function toSlashes(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

/** The top of the file system that holds an absolute path. */
export function topOf(path: string): string {
  return toSlashes(parse(path).root)
}

export function joinPath(directory: string, name: string): string {
  return directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`
}

/** `undefined` for the top of a file system. */
export function parentOf(path: string): string | undefined {
  if (path.endsWith('/')) return undefined
  const at = path.lastIndexOf('/')
  const parent = path.slice(0, at)
  return parent === '' || parent.endsWith(':') ? `${parent}/` : parent
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Whether `directory` is a proper ancestor of `path`. */
export function isAbove(directory: string, path: string): boolean {
  if (path.length <= directory.length || !path.startsWith(directory)) return false
  // The top of a file system ends with a slash.
  return (
    directory.endsWith('/') ||
    (path[directory.length] === '/' && path.length > directory.length + 1)
  )
}

/** Empty for the root itself; begins with `..` for what is outside of it. */
export function relativePath(root: string, path: string): string {
  return isAbove(root, path)
    ? path.slice(root.endsWith('/') ? root.length : root.length + 1)
    : posix.relative(root, path)
}

export function splitPath(path: string): readonly string[] {
  return path === '' ? [] : path.split('/')
}
