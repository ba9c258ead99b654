import { invalidRequest } from '../../../core/errors.ts'
import type { SubscriptionSchedule } from '../../../documents.ts'
import type { Phase } from './schedule.ts'
import type { PhaseParam } from './schedule-params.ts'

/** How many phases may run or follow (Stripe's documentation of schedules). */
const MOST_PHASES = 10

/** Throws 400 for parameters of a phase that exclude each other, and for a gap before it. */
export function requireDates(
  param: PhaseParam,
  about: { name: string; isFirst: boolean; previousEnd: number; now: number },
): void {
  const { isFirst, name, now, previousEnd } = about
  const lengths = (['duration', 'end_date', 'iterations'] as const).filter(
    (one) => param[one] !== undefined,
  )
  if (lengths.length > 1) throw exclusive(lengths, name)
  if (param.trial !== undefined && param.trial_end !== undefined) {
    throw exclusive(['trial', 'trial_end'], name)
  }
  const start = param.start_date === 'now' ? now : param.start_date
  if (isFirst || start === undefined || start === previousEnd) return
  throw invalidRequest(
    'The `start_date` of a phase must equal the `end_date` of the phase before it.',
    { param: `${name}[start_date]` },
  )
}

function exclusive(names: readonly string[], at: string) {
  return invalidRequest(`You may only specify one of these parameters: ${names.join(', ')}.`, {
    code: 'parameters_exclusive',
    param: `${at}[${names[0]}]`,
  })
}

/** Throws 400 for a trial that does not fit its phase. */
export function requireSettings(param: PhaseParam, phase: Phase, name: string): void {
  const { end_date: end, start_date: start, trial_end: trial } = phase
  if (trial === null) return
  if (param.billing_cycle_anchor === 'phase_start') {
    throw invalidRequest(
      '`billing_cycle_anchor` cannot be `phase_start` in a phase with a trial.',
      {
        param: `${name}[billing_cycle_anchor]`,
      },
    )
  }
  if (trial >= start && trial <= end) return
  throw invalidRequest('The `trial_end` of a phase must be within the phase.', {
    param: `${name}[trial_end]`,
  })
}

/** Throws 400 for more phases than a schedule may have. */
export function requireFewPhases(phases: readonly Phase[], now: number): void {
  const open = phases.filter((phase) => phase.end_date > now)
  if (open.length <= MOST_PHASES) return
  throw invalidRequest(
    `A subscription schedule can have at most ${MOST_PHASES} current and future phases.`,
    { param: 'phases' },
  )
}

/** Throws 400 for new phases that change what has begun: the start of the current phase, and past ones. */
export function requirePastKept(
  before: SubscriptionSchedule,
  phases: readonly Phase[],
  now: number,
): void {
  const running = before.current_phase
  if (before.status !== 'active' || running === null) return
  const kept = phases.find((phase) => phase.start_date === running.start_date)
  const current = phases.find((phase) => phase.start_date <= now && now < phase.end_date)
  if (kept === undefined && current !== undefined) {
    throw invalidRequest('You can not modify the start date of the current phase.')
  }
  if (kept === undefined || current === undefined) {
    throw invalidRequest('You can only adjust the end date to a future date for the current phase.')
  }
  const changed = phases
    .filter((phase) => phase.end_date <= running.start_date)
    .find((phase) => !before.phases.some((old) => isSameSpan(old, phase)))
  if (changed === undefined) return
  throw invalidRequest('You can not modify a phase that has already ended.', { param: 'phases' })
}

function isSameSpan(one: Phase, other: Phase): boolean {
  return one.start_date === other.start_date && one.end_date === other.end_date
}
