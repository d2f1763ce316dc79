/**
 * What hardly anybody wants a build or a restart for: installed packages, and what editors and
 * systems leave behind. A literal path (`watch: ["node_modules/x"]`, `-w node_modules/x`) is watched
 * all the same, and a rule that takes it back (`!node_modules/`) counts, since these come first.
 */
export const DEFAULT_IGNORE: readonly string[] = [
  'node_modules/',
  '__pycache__/',
  '*.py[co]',
  '.DS_Store',
  '*~',
  '.*.sw?',
  '.*.sw?x',
  '4913',
  '.#*',
  '\\#*#',
]
