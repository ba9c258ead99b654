import type { DeliveryFault, FaultDelivery, FaultRequest, Faults, RequestFault } from './fault.ts'
import { seededRandom } from './random.ts'
import { readFaultRule } from './read-rule.ts'
import type { FaultRule, FaultState } from './rule.ts'
import { patternOf } from './rule.ts'

/** The faults that an emulator starts with: functions that decide, and rules. */
export interface FaultOptions extends Faults {
  rules?: readonly FaultRule[] | undefined
}

interface ActiveFault {
  rule: FaultRule & { id: string }
  method: string | null
  pattern: RegExp
  random: () => number
  matched: number
  happened: number
}

/**
 * The injected faults. The functions are called first; then the rules, in the order they were added. The
 * first one that applies decides.
 */
export class EmulatorFaults implements Faults {
  onRequest: Faults['onRequest']
  onDelivery: Faults['onDelivery']
  readonly #active = new Map<string, ActiveFault>()
  #count = 0

  /** Throws where a rule is wrong; the message names the field. */
  constructor(options: FaultOptions = {}) {
    this.onRequest = options.onRequest
    this.onDelivery = options.onDelivery
    for (const rule of options.rules ?? []) this.add(rule)
  }

  /** Adds a fault, or replaces the one with the same id. Throws where it is wrong; the message names the field. */
  add(rule: FaultRule): FaultState {
    const read = readFaultRule(rule)
    this.#count += 1
    const fault = activeFault({ ...read, id: read.id ?? `fault_${this.#count}` })
    this.#active.set(fault.rule.id, fault)
    return this.#stateOf(fault)
  }

  /** Every active fault, with its counts. */
  list(): FaultState[] {
    return [...this.#active.values()].map((fault) => this.#stateOf(fault))
  }

  /** Removes a fault; false: there is none with that id. */
  remove(id: string): boolean {
    return this.#active.delete(id)
  }

  /** Removes every fault, the functions too. Safe to repeat. */
  clear(): void {
    this.#active.clear()
    this.onRequest = undefined
    this.onDelivery = undefined
  }

  /** The fault for a request, or null. Counts the request. */
  forRequest(request: FaultRequest): RequestFault | null {
    const decided = this.onRequest?.(request) ?? null
    if (decided !== null) return decided
    for (const fault of this.#active.values()) {
      const { rule, method, pattern } = fault
      if (!('request' in rule) || !pattern.test(request.path)) continue
      if (method !== null && method !== request.method) continue
      if (happens(fault)) return rule
    }
    return null
  }

  /** The fault for a delivery attempt, or null. Counts the attempt. */
  forDelivery(delivery: FaultDelivery): DeliveryFault | null {
    const decided = this.onDelivery?.(delivery) ?? null
    if (decided !== null) return typeof decided === 'string' ? { kind: decided } : decided
    for (const fault of this.#active.values()) {
      const { rule, pattern } = fault
      if (!('webhook' in rule) || !pattern.test(delivery.eventType)) continue
      if (happens(fault)) return rule
    }
    return null
  }

  #stateOf(fault: ActiveFault): FaultState {
    const { rule, matched, happened } = fault
    return { ...rule, matched, happened, spent: isSpent(fault) }
  }
}

function activeFault(rule: FaultRule & { id: string }): ActiveFault {
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

/** Whether a fault that matches also happens, by its `times` and `probability`; counts both. */
function happens(fault: ActiveFault): boolean {
  fault.matched += 1
  if (isSpent(fault)) return false
  const { probability } = fault.rule
  if (probability !== undefined && fault.random() >= probability) return false
  fault.happened += 1
  return true
}

function isSpent({ rule, happened }: ActiveFault): boolean {
  return rule.times !== undefined && happened >= rule.times
}
