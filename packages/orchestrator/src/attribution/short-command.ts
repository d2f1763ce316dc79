/**
 * A command line as people speak of it: the program without its directory, which for cargo is that
 * of a toolchain, and of cargo's arguments what it is asked to do.
 */
export function shortCommand(command: string): string {
  const [program = '', ...words] = command.split(' ')
  const name = program.slice(program.lastIndexOf('/') + 1).replace(/\.exe$/, '')
  if (name !== 'cargo') return [name, ...words].join(' ')
  const task = words.find((word) => !/^[-+]/.test(word))
  return task === undefined ? name : `${name} ${task}`
}
