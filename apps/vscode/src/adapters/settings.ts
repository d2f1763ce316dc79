import * as vscode from 'vscode'

import type { OpenRoot } from '../model/roots.ts'

/** The settings of the extension, read when they are needed. */
export interface Settings {
  readonly autoStart: boolean
  readonly session: 'bundled' | 'workspace'
  /** `null` when the setting is empty. */
  readonly node: string | null
  readonly command: string | null
  readonly lingerSeconds: number
  readonly followActiveFile: boolean
}

/**
 * Reads the settings for a root: those of the first folder that led to it. Those that name a program are withheld by the editor in Restricted
 * Mode; they are read again at each use, since the editor updates them after it has told of trust.
 */
export function readSettings({ folders: [folder], root }: OpenRoot): Settings {
  const scope = vscode.Uri.file(folder?.path ?? root)
  const settings = vscode.workspace.getConfiguration('singletrack', scope)
  const text = (name: string): string | null => {
    const value = settings.get<string>(name, '').trim()
    return value === '' ? null : value
  }
  return {
    autoStart: settings.get('autoStart', false),
    session: settings.get('session') === 'workspace' ? 'workspace' : 'bundled',
    node: text('node'),
    command: text('command'),
    lingerSeconds: settings.get('lingerSeconds', 15),
    followActiveFile: settings.get('followActiveFile', true),
  }
}
