import { access } from '@tollgate/api'
import fc from 'fast-check'
import { signatureOf } from '../kill/payer.ts'
import { toJson, values } from './hostile.ts'
import { mutated } from './inputs.ts'
import type { RawRequest } from './requests.ts'
import { batchesOf, elsewhere, requestsTo } from './requests.ts'
import type { Target } from './targets.ts'
import type { CallerName, FuzzWorld } from './world.ts'

/** One call of the fuzz test. */
export interface Call {
  /** What it is meant for, as in `rest usage.record`. */
  target: string
  caller: CallerName
  request: RawRequest
}

/** Calls to all targets by every kind of caller, more of them by those who may. */
export function callsTo(targets: readonly Target[], world: FuzzWorld): fc.Arbitrary<Call> {
  const { known } = world
  const single = targets.map((target) => {
    const requests = requestsTo(target, known)
    const by = target.kind === 'auth' ? guests : callersOf(target.name)
    const arbitrary = named(`${target.kind} ${target.name}`, by, requests)
    // Each of these asks Stripe several times, which takes most of the time of the whole test.
    return { weight: changesBilling(target.name) ? 1 : 2, arbitrary }
  })
  const others = [
    named('trpc batch', callersOf('trpc batch'), batchesOf(targets, known)),
    named('elsewhere', callersOf('elsewhere'), elsewhere),
    named('webhook', fc.constant('anonymous'), webhooks(world)),
  ]
  const calls = fc.oneof(...single, ...others.map((arbitrary) => ({ weight: 8, arbitrary })))
  return fc.tuple(calls, fc.nat()).map(([{ request, ...call }, n]) => {
    const proofs = world.headers[call.caller]
    const headers = { ...proofs[n % proofs.length], ...request.headers }
    return { ...call, request: { ...request, headers } }
  })
}

/** Whether it asks Stripe to change something, and takes it only in certain states of a subscription. */
export function changesBilling(procedure: string): boolean {
  const rule = access[procedure]
  return rule !== undefined && 'scope' in rule && rule.scope === 'billing:write'
}

function named(target: string, by: fc.Arbitrary<CallerName>, requests: fc.Arbitrary<RawRequest>) {
  return fc.record({ target: fc.constant(target), caller: by, request: requests })
}

const guests = fc.constantFrom<CallerName>('anonymous', 'guest', 'guest')

/** Every kind of caller; those whom the rule allows, most of the time. */
function callersOf(procedure: string): fc.Arbitrary<CallerName> {
  const all = ['anonymous', 'customer', 'admin', 'key'] as const
  const rule = access[procedure]
  const may = all.filter((caller) => {
    if (!rule || rule.who === 'public') return true
    if (caller === 'key') return 'scope' in rule && rule.scope !== undefined
    return caller === rule.who || (caller === 'customer' && rule.who === 'user')
  })
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom<CallerName>(...may) },
    { weight: 1, arbitrary: fc.constantFrom<CallerName>(...all) },
  )
}

/** Events with the right signature, whose content Stripe would not send. */
function webhooks({ event, server }: FuzzWorld): fc.Arbitrary<RawRequest> {
  const bodies = fc.oneof(mutated(event), values).map((value) => toJson(value))
  return fc.tuple(bodies, fc.boolean()).map(([json, signed]) => ({
    method: 'POST',
    path: '/api/billing/webhook',
    headers: {
      'content-type': 'application/json',
      'stripe-signature': signed ? signatureOf(server, json) : 't=1,v1=ff',
    },
    body: json,
  }))
}
