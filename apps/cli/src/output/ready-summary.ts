import { relative } from 'node:path'

import type { SessionState, Workspace } from '@singletrack/orchestrator'

/** What a newcomer wants to know once everything is up: where it answers, and what to edit. */
export function readySummary(state: SessionState, workspace: Workspace): readonly string[] {
  const rows = state.targets
    .filter(({ link }) => link !== null)
    .map(({ name, link }) => ({ name, link: link ?? '', edit: editHint(workspace, name) }))
  if (rows.length === 0) return []
  const nameWidth = Math.max(...rows.map(({ name }) => name.length))
  const linkWidth = Math.max(...rows.map(({ link }) => link.length))
  return [
    '',
    ...rows.map(({ name, link, edit }) =>
      `  ${name.padEnd(nameWidth)}  ${link.padEnd(linkWidth)}  ${edit === null ? '' : `edit ${edit}`}`.trimEnd(),
    ),
    '',
    '  Save a file and only what it concerns is built and restarted. Ctrl-C ends everything.',
    '',
  ]
}

/** The first place whose changes concern the target, as a path from where the person is. */
function editHint(workspace: Workspace, name: string): string | null {
  const [first] = workspace.targets.get(name)?.watch ?? []
  if (first === undefined) return null
  const folder = relative(process.cwd(), `${workspace.root}/${first}`)
  return folder === '' ? '.' : folder
}
