import type Stripe from 'stripe'
import { beforeEach, describe, expect, test } from 'vitest'
import { refusal, shop, start, subscriber } from './harness.ts'

async function products(stripe: Stripe) {
  const make = (name: string, more: Stripe.ProductCreateParams | object = {}) =>
    stripe.products.create({ name, ...more })
  const gold = await make('Gold plan', { metadata: { tier: 'Top', seats: '9' } })
  const silver = await make('Silver plan', { url: 'https://silver.example.org', active: false })
  const bronze = await make('Miner\'s "bronze"', { description: 'The third', shippable: false })
  return { gold, silver, bronze }
}

describe('search (fact 37)', () => {
  let stripe: Stripe
  let made: Awaited<ReturnType<typeof products>>
  let find: (query: string) => Promise<string[]>

  beforeEach(async () => {
    stripe = (await start()).stripe
    made = await products(stripe)
    const names = new Map(Object.entries(made).map(([name, product]) => [product.id, name]))
    find = async (query) =>
      (await stripe.products.search({ query })).data.map(({ id }) => names.get(id) ?? id).reverse()
  })

  test.each([
    ["name:'gold PLAN'", ['gold']],
    ['name~"plan"', ['gold', 'silver']],
    ['-name~"plan"', ['bronze']],
    [`name:"Miner's \\"bronze\\""`, ['bronze']],
    [`name:'Miner\\'s "bronze"'`, ['bronze']],
    ["active:'true'", ['gold', 'bronze']],
    ["active:'true' name~'plan'", ['gold']],
    ["active:'true' AND name~'plan'", ['gold']],
    ["active:'false' or shippable:'false'", ['silver', 'bronze']],
    ["metadata['tier']:'top'", ['gold']],
    ['metadata["tier"]:null', ['silver', 'bronze']],
    ["-metadata['tier']:NULL", ['gold']],
    ["-metadata['tier']:'other' AND -active:'false'", ['gold', 'bronze']],
    ['url:null', ['gold', 'bronze']],
    ['description~"third"', ['bronze']],
  ])('%s', async (query, expected) => {
    expect(await find(query)).toEqual(expected)
  })

  test.each([
    ['', /empty string for 'query'/],
    ['asdf', /We were unable to parse your search query/],
    ['name:gold', /We were unable to parse your search query/],
    ["name:'gold' AND", /We were unable to parse your search query/],
    ["(name:'gold')", /We were unable to parse your search query/],
    ["metadata:'gold'", /We were unable to parse your search query/],
    ["name['x']:'gold'", /We were unable to parse your search query/],
    ["name:'gold", /We were unable to parse your search query/],
    [
      "foo:'bar'",
      /^Field `foo` is an unsupported search field for resource `products`\. See http:\/\/stripe\.com\/docs\/search#query-fields-for-products for a list of supported fields\.$/,
    ],
    ["toString:'bar'", /unsupported search field/],
    ["name:'a' AND active:'true' OR url:null", /AND and OR/],
    ["name:'a' active:'true' OR url:null", /AND and OR/],
    ["name~'go'", /at least 3 characters/],
    ["active~'true'", /substring operator/],
    ["metadata['tier']~'top'", /substring operator/],
    ["name>'gold'", /numeric operator/],
    [Array.from({ length: 11 }, () => 'url:null').join(' '), /at most 10 clauses/],
  ])('refuses %j with 400 that names `query`', async (query, message) => {
    const error = await refusal(stripe.products.search({ query }))
    expect(error).toMatchObject({
      statusCode: 400,
      param: 'query',
      type: 'StripeInvalidRequestError',
    })
    expect(error.message).toMatch(message)
  })

  test('a query is required, and a page must be one that a search returned', async () => {
    const unchecked = (await start({ observer: {} })).stripe
    const missing = await refusal(unchecked.products.search({} as Stripe.ProductSearchParams))
    expect(missing).toMatchObject({ code: 'parameter_missing', param: 'query' })
    const page = await refusal(stripe.products.search({ query: 'url:null', page: 'x' }))
    expect(page).toMatchObject({ statusCode: 400, param: 'page' })
  })

  test('pages through all matches, with the number of them on request', async () => {
    const first = await stripe.products.search({
      query: "-name:'nothing'",
      limit: 2,
      expand: ['data.default_price', 'total_count'],
    })
    expect(first).toMatchObject({
      object: 'search_result',
      has_more: true,
      total_count: 3,
      url: '/v1/products/search',
    })
    expect(first).not.toHaveProperty('data[2]')
    const second = await stripe.products.search({
      query: "-name:'nothing'",
      limit: 2,
      page: first.next_page ?? '',
    })
    expect(second).toMatchObject({ has_more: false, next_page: null, data: [{ id: made.gold.id }] })
    expect(second).not.toHaveProperty('total_count')
    const all = await stripe.products
      .search({ query: "-name:'nothing'", limit: 1 })
      .autoPagingToArray({ limit: 9 })
    expect(all).toHaveLength(3)
  })

  test('compares numbers, quoted or not', async () => {
    const customer = await stripe.customers.create({ name: 'A Payer' })
    const count = async (query: string) => (await stripe.customers.search({ query })).data.length
    expect(await count(`created:${customer.created}`)).toBe(1)
    expect(await count(`created>="${customer.created}" created<=${customer.created}`)).toBe(1)
    expect(await count(`created>${customer.created}`)).toBe(0)
    expect(await count(`-created<${customer.created}`)).toBe(1)
    const error = await refusal(stripe.customers.search({ query: "created>'yesterday'" }))
    expect(error).toMatchObject({ statusCode: 400, param: 'query' })
  })

  test('finds subscriptions by status, metadata and the time of their end', async () => {
    const { basic } = await shop(stripe)
    const { subscription: running } = await subscriber(stripe, basic.id)
    const { subscription: ended } = await subscriber(stripe, basic.id)
    await stripe.subscriptions.update(running.id, { metadata: { order: '6735' } })
    const { canceled_at: end } = await stripe.subscriptions.cancel(ended.id)
    const search = async (query: string) =>
      (await stripe.subscriptions.search({ query })).data.map(({ id }) => id)
    expect(await search("status:'active' AND metadata['order']:'6735'")).toEqual([running.id])
    expect(await search('canceled_at:null')).toEqual([running.id])
    expect(await search(`canceled_at>=${end}`)).toEqual([ended.id])
  })

  test('finds prices by currency, lookup key, product and type', async () => {
    const common = { currency: 'usd', unit_amount: 500, product: made.gold.id }
    const once = await stripe.prices.create({ ...common, lookup_key: 'gold_once' })
    const monthly = await stripe.prices.create({ ...common, recurring: { interval: 'month' } })
    const search = async (query: string) =>
      (await stripe.prices.search({ query })).data.map(({ id }) => id)
    expect(await search("type:'one_time'")).toEqual([once.id])
    expect(await search("lookup_key~'old_on'")).toEqual([once.id])
    expect(await search(`product:'${made.gold.id}' AND currency:'USD'`)).toEqual([
      monthly.id,
      once.id,
    ])
  })
})
