import { setTimeout as sleep } from 'node:timers/promises'

import type { SessionEvent, TargetState } from '@singletrack/orchestrator'
import * as vscode from 'vscode'

import {
  INSPECTOR_LINE,
  type InspectorAddress,
  type AttachConfiguration,
  attachConfiguration,
  inspectorAddress,
  withSessionVariables,
} from '../model/debugging.ts'
import type { RootSession } from '../session/root-session.ts'
import { type WindowRoot, type WorkspaceRoots, holds } from './workspace-roots.ts'

/** A run that is being debugged; its successor is attached to when it is there. */
interface Followed {
  readonly root: string
  readonly target: string
  run: number
  session: vscode.DebugSession | null
}

/**
 * Attaches the editor's debugger to running targets and follows them through restarts; gives launch
 * configurations of external targets the session's variables.
 */
export class Debugging implements vscode.Disposable {
  readonly #roots: WorkspaceRoots
  readonly #log: vscode.LogOutputChannel
  readonly #followed = new Map<string, Followed>()
  readonly #disposables: readonly vscode.Disposable[]

  constructor(roots: WorkspaceRoots, log: vscode.LogOutputChannel) {
    this.#roots = roots
    this.#log = log
    this.#disposables = [
      vscode.debug.onDidStartDebugSession((session) => this.#started(session)),
      vscode.debug.onDidTerminateDebugSession((session) => this.#terminated(session)),
      vscode.debug.registerDebugConfigurationProvider('*', {
        resolveDebugConfiguration: async (_folder, configuration) => this.#resolve(configuration),
      }),
    ]
  }

  /** Attaches to the running process of a target, and to each that takes its place. */
  async attach(root: WindowRoot, name: string): Promise<boolean> {
    const found = runningTarget(root, name)
    if (found === null) {
      void vscode.window.showInformationMessage(`${name} does not run; start it and try again.`)
      return false
    }
    this.#followed.set(keyOf(root.open.root, name), {
      root: root.open.root,
      target: name,
      run: found.run,
      session: null,
    })
    return this.#startDebugging(root, name, found)
  }

  /** Follows restarts: a new run of a followed target is attached to. */
  update(): void {
    for (const followed of this.#followed.values()) {
      const root = this.#roots.get(followed.root)
      const found = root === undefined ? null : runningTarget(root, followed.target)
      if (root === undefined || found === null || found.run === followed.run) continue
      followed.run = found.run
      this.#log.info(`${followed.target} has restarted, attaching again`)
      void this.#startDebugging(root, followed.target, found)
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose()
    this.#followed.clear()
  }

  async #startDebugging(root: WindowRoot, name: string, { run }: Running): Promise<boolean> {
    const { session, open } = root
    const inspector = await findInspector(session, name, run)
    if (inspector === null) {
      this.#followed.delete(keyOf(open.root, name))
      void this.#explainDebug(name)
      return false
    }
    const { cwd } = await session.request('env', { target: name })
    const configuration = attachConfiguration({ target: name, run, cwd, inspector })
    const folder = vscode.workspace.workspaceFolders?.find((each) => holds(open, each))
    return vscode.debug.startDebugging(folder, { ...configuration })
  }

  async #explainDebug(name: string): Promise<void> {
    const show = 'Show Its Definition'
    const choice = await vscode.window.showInformationMessage(
      `${name} waits for no debugger. For a Node.js program add "debug": true to its "run".`,
      show,
    )
    if (choice === show) await vscode.commands.executeCommand('singletrack.showDefinition', name)
  }

  #started(session: vscode.DebugSession): void {
    const about = aboutRun(session.configuration)
    if (about === null) return
    for (const followed of this.#followed.values()) {
      if (followed.target === about.target && followed.run === about.run) followed.session = session
    }
  }

  /** A debugger that somebody detaches is not attached again; one whose process has gone is. */
  #terminated(session: vscode.DebugSession): void {
    for (const [key, followed] of this.#followed) {
      if (followed.session !== session) continue
      followed.session = null
      const root = this.#roots.get(followed.root)
      const found = root === undefined ? null : runningTarget(root, followed.target)
      if (found !== null && found.run === followed.run && isAlive(found.pid))
        this.#followed.delete(key)
    }
  }

  async #resolve(
    configuration: vscode.DebugConfiguration,
  ): Promise<vscode.DebugConfiguration | undefined> {
    const target: unknown = configuration['singletrackTarget']
    if (typeof target !== 'string') return configuration
    const root = this.#roots.all.find(
      ({ session }) =>
        session.link.kind === 'attached' &&
        session.link.state.targets.some(({ name }) => name === target),
    )
    if (root === undefined) {
      void vscode.window.showErrorMessage(
        `No session has a target "${target}": start a session, or correct "singletrackTarget" in launch.json.`,
      )
      return undefined
    }
    return withSessionVariables(configuration, await root.session.request('env', { target }))
  }
}

/** A program that has just been started needs a moment before its inspector listens. */
const INSPECTOR_ATTEMPTS = 15
const INSPECTOR_PAUSE_MS = 200

/**
 * The inspector of a run: the session knows it with `run.debug`, and a program that opens one by
 * itself tells of it in its output. `null` when there is none.
 */
async function findInspector(
  session: RootSession,
  target: string,
  run: number,
): Promise<InspectorAddress | null> {
  for (let attempt = 0; attempt < INSPECTOR_ATTEMPTS; attempt += 1) {
    const known = stateOf(session, target)?.inspector
    if (known !== undefined) return inspectorAddress(known)
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    const { records } = await session.request('logs', {
      targets: [target],
      grep: INSPECTOR_LINE,
      limit: 1,
      ...sinceStart(session.history, run),
    })
    const line = records.at(-1)
    const address = line === undefined ? null : inspectorAddress(line.line)
    if (address !== null) return address
    // oxlint-disable-next-line no-await-in-loop -- a pause between two looks
    await sleep(INSPECTOR_PAUSE_MS)
  }
  return null
}

/** From when on a run can have spoken; what an earlier run said must not be taken for its words. */
function sinceStart(history: readonly SessionEvent[], run: number): { readonly since?: number } {
  const started = history.findLast((event) => event.type === 'starting' && event.run === run)
  return started === undefined ? {} : { since: Date.parse(started.time) }
}

interface Running {
  readonly run: number
  readonly pid: number
}

function stateOf({ link }: RootSession, name: string): TargetState | undefined {
  return link.kind === 'attached'
    ? link.state.targets.find((each) => each.name === name)
    : undefined
}

function runningTarget({ session }: WindowRoot, name: string): Running | null {
  const run = stateOf(session, name)?.run
  if (run?.kind !== 'ready' && run?.kind !== 'not-ready') return null
  return { run: run.run, pid: run.pid }
}

const keyOf = (root: string, target: string): string => JSON.stringify([root, target])

function aboutRun(
  configuration: vscode.DebugConfiguration,
): AttachConfiguration['singletrackRun'] | null {
  const about: unknown = configuration['singletrackRun']
  if (typeof about !== 'object' || about === null || !('target' in about) || !('run' in about)) {
    return null
  }
  const { target, run } = about
  return typeof target === 'string' && typeof run === 'number' ? { target, run } : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
