import { expect, test } from 'vitest'
import { metered } from './usage.ts'

test('the dashboard lists meters, and the events and the usage of one', async () => {
  const { emulator, meter, use } = await metered()
  await use(7, { identifier: 'seven' })
  await use(1, { identifier: 'nobody', customer: 'cus_unknown' })
  const page = async (path: string) => (await fetch(`${emulator.url}${path}`)).text()
  expect(await page('/meters')).toContain('api_calls')
  const shown = await page(`/o/${meter.id}`)
  for (const text of ['seven', 'counted', 'nobody', 'failed', '7 in 1', 'payer@example.org']) {
    expect(shown).toContain(text)
  }
  const state = (await (await fetch(`${emulator.url}/_emulator/state`)).json()) as object
  expect(state).toMatchObject({
    objects: { meters: 1, meter_events: 2, meter_usage: 1, thin_events: 1 },
    meterEvents: { counted: 1, failed: 1, waiting: 0 },
  })
})
