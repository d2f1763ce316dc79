// Cargo colors the word and pads it; the rest is one of "build directory", "artifact directory",
// "package cache" and their like.
const blocked = /\bBlocking\S*\s+waiting for file lock on ([\w -]{1,60})/

/** What a child waits for inside cargo, from a line of its output; `null` in any other line. */
export function blockedOn(line: string): string | null {
  // oxlint-disable-next-line no-control-regex -- colors are control sequences
  return blocked.exec(line.replaceAll(/\u001B\[[\d;]*m/g, ''))?.[1]?.trim() ?? null
}
