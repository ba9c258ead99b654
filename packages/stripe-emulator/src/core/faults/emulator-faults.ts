import type { DeliveryFault, FaultDelivery, FaultRequest, Faults, RequestFault } from './fault.ts'
import { seededRandom } from './random.ts'
import { readFaultRule } from './read-rule.ts'
import type { FaultRule, FaultState } from './rule.ts'
import { patternOf } from './rule.ts'

/** What an emulator is started with: functions that decide, and faults that are declared. */
export interface FaultOptions extends Faults {
  rules?: readonly FaultRule[]
}

interface SetFault {
  rule: FaultRule & { id: string }
  method: string | null
  pattern: RegExp
  random: () => number
  matched: number
  happened: number
}

/**
 * What goes wrong on purpose. The functions are asked first; then, in the order they were set, the
 * declared faults, of which the first that happens decides.
 */
export class EmulatorFaults implements Faults {
  onRequest: Faults['onRequest']
  onDelivery: Faults['onDelivery']
  readonly #set = new Map<string, SetFault>()
  #count = 0

  /** @throws what is wrong with one of the rules, naming the field */
  constructor(options: FaultOptions = {}) {
    this.onRequest = options.onRequest
    this.onDelivery = options.onDelivery
    for (const rule of options.rules ?? []) this.add(rule)
  }

  /** Sets a fault, from now on. @throws what is wrong with it, naming the field */
  add(rule: FaultRule): FaultState {
    const read = readFaultRule(rule)
    this.#count += 1
    const fault = setFault({ ...read, id: read.id ?? `fault_${this.#count}` })
    this.#set.set(fault.rule.id, fault)
    return this.#stateOf(fault)
  }

  /** Every fault that is set, and what it has done. */
  list(): FaultState[] {
    return [...this.#set.values()].map((fault) => this.#stateOf(fault))
  }

  /** Ends one fault; false: there is none of that id. */
  remove(id: string): boolean {
    return this.#set.delete(id)
  }

  /** Ends every fault, the functions too. Safe to repeat. */
  clear(): void {
    this.#set.clear()
    this.onRequest = undefined
    this.onDelivery = undefined
  }

  /** What goes wrong with a call; asking counts. */
  ofRequest(request: FaultRequest): RequestFault | null {
    const decided = this.onRequest?.(request) ?? null
    if (decided !== null) return decided
    for (const fault of this.#set.values()) {
      const { rule, method, pattern } = fault
      if (!('request' in rule) || !pattern.test(request.path)) continue
      if (method !== null && method !== request.method) continue
      if (strikes(fault)) return rule
    }
    return null
  }

  /** What goes wrong with an attempt to deliver; asking counts. */
  ofDelivery(delivery: FaultDelivery): DeliveryFault | null {
    const decided = this.onDelivery?.(delivery) ?? null
    if (decided !== null) return typeof decided === 'string' ? { kind: decided } : decided
    for (const fault of this.#set.values()) {
      const { rule, pattern } = fault
      if (!('webhook' in rule) || !pattern.test(delivery.eventType)) continue
      if (strikes(fault)) return rule
    }
    return null
  }

  #stateOf(fault: SetFault): FaultState {
    const { rule, matched, happened } = fault
    return { ...rule, matched, happened, spent: isSpent(fault) }
  }
}

function setFault(rule: FaultRule & { id: string }): SetFault {
  const scope = 'request' in rule ? rule.request : rule.webhook
  const [first = '', second] = scope.split(' ')
  const random = seededRandom(rule.seed ?? 0)
  const pattern = patternOf(second ?? first)
  return {
    rule,
    method: second === undefined ? null : first,
    pattern,
    random,
    matched: 0,
    happened: 0,
  }
}

/** Whether a fault within whose scope something lies happens to it; counts both. */
function strikes(fault: SetFault): boolean {
  fault.matched += 1
  if (isSpent(fault)) return false
  const { probability } = fault.rule
  if (probability !== undefined && fault.random() >= probability) return false
  fault.happened += 1
  return true
}

function isSpent({ rule, happened }: SetFault): boolean {
  return rule.times !== undefined && happened >= rule.times
}
