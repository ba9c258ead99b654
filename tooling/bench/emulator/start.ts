import { command } from './built.ts'

/** Starts the command once and answers after how many milliseconds its first request was answered. */
export async function startOnce(): Promise<number> {
  const begin = performance.now()
  const { url, end } = await command()
  const answer = await fetch(`${url}/v1/account`, {
    headers: { Authorization: 'Bearer sk_test_x' },
  })
  await answer.text()
  const took = performance.now() - begin
  await end()
  if (!answer.ok) throw new Error(`the emulator answered ${answer.status}`)
  return took
}
