import { expect, test } from 'vitest'
import { isNoId, unknownRoute } from '../src/http/request/unknown-route.ts'
import { endpoints } from '../src/registry/endpoints.ts'
import { readSchemas } from './schemas/cache.ts'

const { routes } = readSchemas()
const shapeOf = (path: string) => path.replace(/:\w+/g, ':id')
const own = endpoints.map(({ method, path }) => ({ method, path: shapeOf(path) }))

test('a route of the stripe package that is not emulated is named as missing', () => {
  const silent = routes
    .filter((route) => !own.some((one) => one.method === route.method && one.path === route.path))
    .filter((route) => !unknownRoute(route).message.includes('stripe-emulator'))
  expect(silent.map(({ method, path }) => `${method} ${path}`)).toEqual([])
})

/** The part of a path that another route with an `:id` in its place would take for an id. */
function wordTakenForId(method: string, path: string): string | undefined {
  const parts = path.split('/')
  const taker = own.find((one) => {
    const theirs = one.path.split('/')
    return (
      one.method === method &&
      one.path !== path &&
      theirs.length === parts.length &&
      theirs.every((part, index) => part === ':id' || part === parts[index])
    )
  })
  const index = taker?.path.split('/').findIndex((part, at) => part !== parts[at]) ?? -1
  return parts[index]
}

test('no route takes a word of Stripe for an id', () => {
  const words = routes
    .filter(({ method, path }) => !own.some((one) => one.method === method && one.path === path))
    .flatMap(({ method, path }) => wordTakenForId(method, path) ?? [])
  expect(words.filter((word) => !isNoId({ path: '', id: word }))).toEqual([])
})
