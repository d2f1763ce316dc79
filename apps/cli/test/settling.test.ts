import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ask, askJson } from './support/ask.ts'
import { freePorts } from './support/free-ports.ts'
import { gatedWorkspace } from './support/gated-workspace.ts'
import type { Workspace } from './support/workspace.ts'

/** Which targets there are, what each is made from, and which of them serve what was built. */
interface Shape {
  readonly needs: Readonly<Record<string, readonly string[]>>
  readonly serve: readonly string[]
  readonly top?: Readonly<Record<string, unknown>>
}

const shapes: Readonly<Record<string, Shape>> = {
  'one function': { needs: { api: [] }, serve: ['api'] },
  'a chain, whose end serves': {
    needs: { schema: [], client: ['schema'], page: ['client'] },
    serve: ['page'],
  },
  'a diamond that serves on both sides': {
    needs: { schema: [], left: ['schema'], right: ['schema'], top: ['left', 'right'] },
    serve: ['left', 'top'],
  },
  'functions that have nothing in common, at any time': {
    needs: { a: [], b: [], c: [] },
    serve: ['a', 'b'],
    top: { policy: 'lifo', debounce: '1ms', maxWait: '1ms' },
  },
  'a long quiet time': {
    needs: { api: [], web: ['api'] },
    serve: ['web'],
    top: { debounce: '300ms', maxWait: '2s' },
  },
}

const SERVER = `import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
const [, , name] = process.argv
const built = readFileSync('out/' + name + '.txt', 'utf8')
createServer((_, response) => response.end(built)).listen(process.env.PORT, '127.0.0.1')
`

interface Served {
  readonly workspace: Workspace
  readonly ports: Readonly<Record<string, number>>
}

async function open({ needs, serve, top }: Shape): Promise<Served> {
  const free = await freePorts(serve.length)
  const ports = Object.fromEntries(serve.map((name, at) => [name, free[at] ?? 0]))
  const targets = Object.fromEntries(
    Object.entries(needs).map(([name, needed]) => [
      name,
      {
        dependsOn: needed.map((target) => ({ target, until: 'built' })),
        build: {
          command: ['node', 'build.mjs', name, ...needed],
          outputs: [`out/${name}.txt`],
          uses: ['dist'],
        },
        ...(ports[name] === undefined
          ? {}
          : { run: { command: ['node', 'server.mjs', name], port: ports[name] } }),
      },
    ]),
  )
  const workspace = gatedWorkspace(targets, { resources: { dist: 1 }, ...top })
  workspace.write('server.mjs', SERVER)
  return { workspace, ports }
}

type Edit =
  | { readonly kind: 'source' | 'broken' | 'touch' | 'in place' | 'again'; readonly at: number }
  | { readonly kind: 'shared' | 'restart' | 'breathe' }

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('source'), at: fc.nat(9) }) },
  fc.record({
    kind: fc.constantFrom('broken', 'touch', 'in place', 'again'),
    at: fc.nat(9),
  }),
  fc.record({ kind: fc.constantFrom('shared', 'restart', 'breathe') }),
)

/** What the sources say, and so what must be built from them. */
class Model {
  readonly #shape: Shape
  readonly #workspace: Workspace
  readonly #sources = new Map<string, string>()
  #shared = 'shared 1'
  #serial = 1

  constructor(shape: Shape, workspace: Workspace) {
    this.#shape = shape
    this.#workspace = workspace
    for (const name of this.names) this.#sources.set(name, '1')
  }

  get names(): readonly string[] {
    return Object.keys(this.#shape.needs)
  }

  async edit(one: Edit): Promise<void> {
    const text = `${(this.#serial += 1)}`
    switch (one.kind) {
      case 'shared':
        this.#shared = `shared ${text}`
        this.#workspace.write('shared/one.txt', this.#shared)
        return
      case 'restart':
        await ask(this.#workspace, ['restart', this.#shape.serve[0] ?? ''])
        return
      case 'breathe':
        // Long enough for a build to begin, or to end, on most machines: any of it must do.
        await ask(this.#workspace, ['status'])
        return
      case 'source':
        this.#write(this.#nameAt(one.at), text)
        return
      case 'broken':
        this.#write(this.#nameAt(one.at), `BROKEN ${text}`)
        return
      case 'touch':
        this.#write(this.#nameAt(one.at), this.#sourceOf(this.#nameAt(one.at)))
        return
      case 'in place':
        this.#writeInPlace(this.#nameAt(one.at), text)
        return
      case 'again':
        this.#writeInPlace(this.#nameAt(one.at), `${text} not for long`)
        this.#writeInPlace(this.#nameAt(one.at), text)
    }
  }

  /** Those whose own sources are. */
  get broken(): string[] {
    return this.names.filter((name) => this.#sourceOf(name).startsWith('BROKEN'))
  }

  /** What is built of a target; `null` while it, or what it is made from, is broken. */
  built(name: string): string | null {
    const source = this.#sourceOf(name)
    const needed = (this.#shape.needs[name] ?? []).map((each) => this.built(each))
    if (source.startsWith('BROKEN') || needed.includes(null)) return null
    return [source, this.#shared, ...needed.map((each) => `(${each})`)].join(',')
  }

  #sourceOf(name: string): string {
    return this.#sources.get(name) ?? ''
  }

  #nameAt(index: number): string {
    return this.names[index % this.names.length] ?? ''
  }

  #write(name: string, text: string): void {
    this.#sources.set(name, text)
    this.#workspace.write(`src/${name}.txt`, text)
  }

  /** For a moment the file is empty, and a build may read it so. */
  #writeInPlace(name: string, text: string): void {
    this.#sources.set(name, text)
    writeFileSync(join(this.#workspace.root, `src/${name}.txt`), text)
  }
}

test.for(Object.keys(shapes))(
  'whatever was edited, after a wait what is served is built from the last edit: %s',
  { timeout: 180_000 },
  async (name) => {
    const shape = shapes[name]
    if (shape === undefined) throw new Error(name)
    const { workspace, ports } = await open(shape)
    await using _workspace = workspace
    await using session = await workspace.session()
    const model = new Model(shape, workspace)
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        // oxlint-disable-next-line no-await-in-loop -- one edit after the other
        for (const one of edits) await model.edit(one)
        const { code, document } = await askJson(workspace, ['wait', '--settled'])
        const { result } = document as {
          readonly result: { readonly targets?: readonly { readonly name: string }[] }
        }
        const told = (result.targets ?? []).map((each) => each.name)
        expect(code).toBe(model.broken.length === 0 ? 0 : 1)
        expect(told).toEqual(expect.arrayContaining(model.broken))
        // What is made from something broken is told of where it was due too.
        expect(told.filter((each) => model.built(each) !== null)).toEqual([])
        for (const each of model.names) {
          const expected = model.built(each)
          if (expected === null) continue
          expect(workspace.read(`out/${each}.txt`)).toBe(expected)
          if (ports[each] === undefined) continue
          // oxlint-disable-next-line no-await-in-loop -- few
          expect(await served(ports[each])).toBe(expected)
        }
      }),
      // A minimal history would need a session of its own; the events of this one tell more.
      { numRuns: 7, endOnFailure: true },
    )
    await session.endBy('SIGINT')
    expect(workspace.processes()).toEqual([])
    rmSync(join(workspace.root, 'out'), { recursive: true })
  },
)

const served = async (port: number | undefined): Promise<string> =>
  (await fetch(`http://127.0.0.1:${port}/`)).text()
