import type { IgnoreFile } from './ignore-file.ts'
import type { ReadDirectoryRules } from './ignore-sources.ts'

/**
 * The ignore rules that hold in a directory, in order of precedence: those of the `ignore` option,
 * its own, and those of the directories above. Its own are read from the disk when they are first
 * needed, unless whoever has listed the directory says that it brings none: most directories do
 * not, and to ask the system costs more than everything else that is decided about them.
 */
export class DirectoryRules {
  readonly #read: (() => readonly IgnoreFile[]) | undefined
  readonly #above: DirectoryRules | undefined
  #files: readonly IgnoreFile[] | undefined
  #mayHide: boolean | undefined

  private constructor(
    above: DirectoryRules | undefined,
    read: (() => readonly IgnoreFile[]) | undefined,
    files?: readonly IgnoreFile[],
  ) {
    this.#above = above
    this.#read = read
    this.#files = files
  }

  /** Rules that need not be read. */
  static of(files: readonly IgnoreFile[]): DirectoryRules {
    return new DirectoryRules(undefined, undefined, files)
  }

  /** The rules in a directory, from those in the directory above. */
  static in(
    path: string,
    above: DirectoryRules,
    { ignore, readRules }: { readonly ignore: IgnoreFile; readonly readRules: ReadDirectoryRules },
  ): DirectoryRules {
    return new DirectoryRules(above, () => {
      const { files, isRepository } = readRules(path)
      if (files.length === 0 && !isRepository) return above.files
      return [
        ignore,
        ...files,
        ...(isRepository ? [] : above.files.filter((file) => file !== ignore)),
      ]
    })
  }

  get files(): readonly IgnoreFile[] {
    return (this.#files ??= this.#read?.() ?? [])
  }

  /** Whether some of the files has a rule. */
  get mayHide(): boolean {
    if (this.#mayHide !== undefined) return this.#mayHide
    const { files } = this
    this.#mayHide =
      files === this.#above?.files
        ? this.#above.mayHide
        : files.some(({ rules }) => rules.length > 0)
    return this.#mayHide
  }

  /** The directory was listed, so that it is known whether it brings rules or a repository. */
  listed(bringsSome: boolean): void {
    if (bringsSome) this.#files = this.files
    else if (this.#above !== undefined) this.#files ??= this.#above.files
  }
}

/** Whether an entry of a directory is where its rules are, or makes it a repository. */
export function bringsRules(name: string): boolean {
  return name === '.gitignore' || name === '.git'
}
