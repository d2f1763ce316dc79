import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/**
 * A Chromium to drive: `CHROMIUM`, an installed one, or one from Debian where we may install it.
 *
 * @throws when there is none and none can be had; the message says what to install
 */
export function ensureChromium(): string {
  const found = findChromium()
  if (found !== null) return found
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    throw new Error('there is no Chromium; install one, or set CHROMIUM to its path')
  }
  apt('update', '-qq')
  apt('install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core')
  const installed = findChromium()
  if (installed === null) throw new Error('apt-get installed no Chromium; set CHROMIUM to its path')
  return installed
}

function apt(...parameters: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  execFileSync('apt-get', parameters, { env, stdio: ['ignore', 'ignore', 'pipe'] })
}

function findChromium(): string | null {
  const named = process.env['CHROMIUM']
  if (named !== undefined && named !== '') return named
  return PLACES.find((place) => existsSync(place)) ?? null
}
