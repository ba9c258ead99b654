import { existsSync } from 'node:fs'
import { command, Failure, node, say, tool } from './process.mjs'

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
]

/**
 * A browser for the tests: CHROME_PATH, else an installed one, else Playwright's own; else one is installed (by apt as
 * root on Debian, otherwise by Playwright). Answers its path.
 */
export async function ensureBrowser() {
  const given = process.env['CHROME_PATH']
  if (given) {
    if (existsSync(given)) return given
    throw new Failure(`CHROME_PATH names ${given}, and there is no such file`)
  }
  return (await findBrowser()) ?? (await install())
}

/** @returns {Promise<string | undefined>} */
async function findBrowser() {
  const { chromium } = await import('@playwright/test')
  return [...INSTALLED, chromium.executablePath()].find((path) => existsSync(path))
}

async function install() {
  say('Installing a browser for the tests …')
  const apt = process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')
  await (apt ? installByApt() : installByPlaywright()).catch(() => undefined)
  const found = await findBrowser()
  if (found !== undefined) return found
  throw new Failure(
    'No browser for the tests: install Chrome or Chromium, or set CHROME_PATH to one',
  )
}

async function installByApt() {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await command('apt-get', ['update', '-qq'], { env, quiet: true })
  const args = ['install', '-qq', '-y', '--no-install-recommends', 'chromium']
  await command('apt-get', args, { env, quiet: true })
}

async function installByPlaywright() {
  await node([tool('@playwright/test', 'playwright'), 'install', 'chromium'], { quiet: true })
}
