import qs from 'qs'
import { startStripeEmulator } from '../../src/index.ts'
import { onEnd, START } from '../harness.ts'
import { checkedObserver } from '../schemas/observe.ts'

/** The answer to a request: its status, and the error or the object. */
export interface Answer {
  status: number
  error: { type?: string; code?: string; param?: string; message?: string } | undefined
  body: Readonly<Record<string, unknown>>
}

/** An emulator for noted answers: requests by method and path, and ids of what most of them need. */
export class World {
  readonly #url: string
  readonly ids: ReadonlyMap<string, string>

  private constructor(url: string, ids: ReadonlyMap<string, string>) {
    this.#url = url
    this.ids = ids
  }

  /** A customer with a card (`customer`, `card`), one without (`poor`), and prices of $20 and $10 a month. */
  static async start(): Promise<World> {
    const observer = checkedObserver({ provoking: true })
    const emulator = await startStripeEmulator({ clock: { now: () => START }, observer })
    onEnd(() => emulator.stop())
    const ids = new Map<string, string>()
    const world = new World(emulator.url, ids)
    const make = async (name: string, path: string, form: object) => {
      ids.set(name, await world.make(path, form))
    }
    await make('customer', 'customers', { email: 'payer@example.org' })
    await make('poor', 'customers', {})
    await make('card', 'payment_methods/pm_card_visa/attach', { customer: '{customer}' })
    await world.make('customers/{customer}', {
      invoice_settings: { default_payment_method: '{card}' },
    })
    await make('product', 'products', { name: 'Pro' })
    const price = { product: '{product}', currency: 'usd', recurring: { interval: 'month' } }
    await make('price', 'prices', { ...price, unit_amount: 2000 })
    await make('other', 'prices', { ...price, unit_amount: 1000 })
    return world
  }

  /** Creates an object and returns its id. Throws where it is refused. */
  async make(path: string, form: object): Promise<string> {
    const { status, body } = await this.send('POST', path, form)
    if (status !== 200) throw new Error(`${path}: ${JSON.stringify(body)}`)
    return String(body['id'])
  }

  /** Sends a request; `{name}` stands for an id. */
  async send(method: string, path: string, form: object = {}): Promise<Answer> {
    const encoded = this.#filled(qs.stringify(form, { encode: false }))
    const query = method === 'GET' && encoded !== '' ? `?${encoded}` : ''
    const response = await fetch(`${this.#url}/v1/${this.#filled(path)}${query}`, {
      method,
      headers: {
        Authorization: 'Bearer sk_test_x',
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      ...(method !== 'GET' && { body: encoded }),
    })
    const body: Answer['body'] & Pick<Answer, 'error'> = JSON.parse(await response.text())
    return { status: response.status, error: body.error, body }
  }

  #filled(text: string): string {
    return text.replace(/\{(\w+)\}/g, (all, name) => this.ids.get(name) ?? all)
  }

  /** Names an id for later requests. */
  name(name: string, id: string): void {
    ;(this.ids as Map<string, string>).set(name, id)
  }
}
