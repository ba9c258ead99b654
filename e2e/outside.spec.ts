import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { Consumer } from '../tooling/outside/consumer.ts'
import { configure, type Outside, type Running, run, start } from '../tooling/outside/outsider.ts'
import { type Registry, startRegistry } from '../tooling/outside/registry.ts'
import { root } from '../tooling/run/process.mjs'
import { payWith } from './hosted-pages.ts'

// What somebody does who never sees this repository: everything comes from a registry, into empty folders elsewhere.

test.describe.configure({ mode: 'serial', timeout: 600_000 })
// A machine that does much else is slow, and what is not there fails before the test's own time is over.
test.use({ actionTimeout: 60_000 })

const ada = { email: 'ada@example.com', password: 'correct horse battery staple' }

let folder: string
let registry: Registry
let project: Outside
const running: Running[] = []
/** Where the command of the pinned version is. */
const pnpmFolder = join(root, 'node_modules/.bin')

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-outside-'))
  // PostgreSQL's account, when it is not ours, has to pass through.
  await chmod(folder, 0o755)
  registry = await startRegistry(folder)
})

test.afterAll(async () => {
  await Promise.all(running.map((each) => each.interrupt()))
  await registry?.stop()
  await rm(folder, { recursive: true, force: true })
})

test('a project made by npm sells and meters what its own catalogue says, and keeps it', async ({
  page,
}) => {
  const { env } = registry
  await run(['npm', 'create', '--yes', 'tollgate@latest', 'my-billing'], { cwd: folder, env })
  project = await configure(join(folder, 'my-billing'), env)
  const first = await started(project)
  const userId = await subscribe(page)

  const key = await createKey()
  const consumer = await Consumer.create(join(folder, 'consumer'), env)
  expect(await consumer.compile('wrong')).toEqual([
    expect.stringMatching(/^consume\.ts.*'"tokens"'.*'"minutes" \| "gb"'/),
  ])
  expect(await consumer.compile('right')).toEqual([])
  const use = [project.app, key, userId, 'recording-1'] as const
  const used = { allowed: true, used: 42, limit: 1_000 }
  expect(await consumer.consume(...use)).toEqual(used)
  await expectDashboard(page)

  await first.interrupt()
  const second = await started(project)
  await expectDashboard(page)
  // Under the key from before: the ledger has it already.
  expect(await consumer.consume(...use)).toEqual(used)
  await second.interrupt()
})

test('the same project runs on Node 22', async () => {
  const { env } = registry
  const home = join(folder, 'node-22')
  await run(['npm', 'install', '--prefix', home, 'node@22'], { cwd: folder, env })
  const node = join(home, 'node_modules/node/bin/node')
  const program = join(project.folder, 'node_modules/@tollgate/server/bin/tollgate.mjs')
  const again = await started(project, [node, program, 'dev'])
  const plans = await fetch(`${project.app}/api/billing/plans`)
  expect(await plans.json()).toMatchObject([{ id: 'starter' }, { id: 'team', name: 'Team' }])
  await again.interrupt()
})

test('a project made by pnpm starts, and pnpm runs its commands', async () => {
  const env = {
    ...registry.env,
    PATH: `${pnpmFolder}:${registry.env['PATH']}`,
    npm_config_store_dir: join(folder, 'pnpm-store'),
  }
  await run(['pnpm', 'create', 'tollgate@latest', 'with-pnpm'], { cwd: folder, env })
  const other = await configure(join(folder, 'with-pnpm'), env)
  const running = await started(other, ['pnpm', 'start'])
  const doctor = await run(['pnpm', '--silent', 'tollgate', 'doctor', '--json'], {
    cwd: other.folder,
    env,
  })
  expect(JSON.parse(doctor)).toMatchObject({ ok: true })
  await running.interrupt()
})

test('a plan that somebody pays for does not vanish by accident', async () => {
  const { folder: cwd, env } = project
  const file = join(cwd, 'tollgate.config.ts')
  const config = await readFile(file, 'utf8')
  await writeFile(file, config.replace('team: {', 'crew: {'))
  const failure = await run(['npm', 'start', '--silent'], { cwd, env }).catch(String)
  expect(failure).toContain('plans.team: is not in the catalogue, and there is 1 customer on it')
  expect(failure).toContain('retired: true')
})

test('what is wrong with a catalogue is one line each, and nothing starts', async () => {
  const { folder: cwd, env } = project
  const config = `import { definePlans } from '@tollgate/core'
export const catalog = definePlans({
  meters: { minutes: { name: 'Minutes', unit: ['minute', 'minutes'] } },
  plans: { 'team plan': { name: 'Team', description: '', price: { month: { eur: -1 } }, limits: {} } },
})`
  await writeFile(join(cwd, 'tollgate.config.ts'), config)
  const failure = await run(['npm', 'start', '--silent'], { cwd, env }).catch(String)
  expect(failure).toContain('tollgate.config.ts: plans."team plan": is not an id')
})

async function started(...args: Parameters<typeof start>): Promise<Running> {
  const program = await start(...args)
  running.push(program)
  return program
}

/** Signs up and buys the plan "Team". Answers the user's id. */
async function subscribe(page: Page): Promise<string> {
  await page.goto(`${project.app}/sign-up`)
  await expect(page).toHaveTitle('Create your account · Studio Hours')
  await page.getByLabel('Name').fill('Ada')
  await page.getByLabel('E-mail').fill(ada.email)
  await page.getByLabel('Password').fill(ada.password)
  await page.getByRole('button', { name: 'Create account' }).click()
  await page.getByRole('button', { name: 'Choose Team' }).click()
  await payWith(page, '4242 4242 4242 4242')
  await expect(page).toHaveURL(`${project.app}/billing`)
  const answer = await page.request.get(`${project.app}/api/auth/get-session`)
  const { user } = (await answer.json()) as { user: { id: string } }
  return user.id
}

async function createKey(): Promise<string> {
  const scopes = 'usage:write,usage:read'
  const command = ['keys', 'create', '--name', 'app', '--scopes', scopes, '--json']
  const output = await run(['npm', 'run', '--silent', 'tollgate', '--', ...command], {
    cwd: project.folder,
    env: project.env,
  })
  const { key } = JSON.parse(output) as { key: string }
  return key
}

/** The names of this catalogue, and what was used. */
async function expectDashboard(page: Page): Promise<void> {
  await page.goto(`${project.app}/billing`)
  await expect(page.getByRole('region', { name: 'Your plan' })).toContainText('Team')
  const minutes = page.getByRole('article', { name: 'Minutes' })
  await expect(minutes).toContainText('42 of 1,000', { useInnerText: true })
  await expect(page.getByRole('article', { name: 'Gigabytes' })).toContainText('Unlimited')
}
