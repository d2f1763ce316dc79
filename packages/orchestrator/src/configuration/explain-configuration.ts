import type { Setting } from './workspace.ts'

/**
 * The settings as `singletrack config --resolved` prints them: one a line, with where each came
 * from. With a target's name, only what concerns that target.
 */
export function explainConfiguration(
  settings: readonly Setting[],
  options: { readonly target?: string | undefined } = {},
): string {
  const { target } = options
  const shown = settings.filter(({ path }) => target === undefined || concerns(path, target))
  const rows = shown.map(({ path, value, origin }) => ({
    setting: `${path} = ${JSON.stringify(value)}`,
    origin,
  }))
  const width = Math.min(72, Math.max(0, ...rows.map(({ setting }) => setting.length)))
  return rows.map(({ setting, origin }) => `${setting.padEnd(width)}  # ${origin}\n`).join('')
}

function concerns(path: string, target: string): boolean {
  return [`targets.${target}.`, `targets[${JSON.stringify(target)}].`].some((prefix) =>
    path.startsWith(prefix),
  )
}
