import type { WebhookEvent } from '@tollgate/core'
import { prepareQueue, replayDeadEvents, replayEvent } from '@tollgate/core'
import type { Answer, CommandContext } from './command.ts'

const actor = { kind: 'command', id: 'events replay' } as const

/** Does once more what an event asks for, or what all that were given up do. Not served: exit code 1. */
export async function eventsReplay(
  { core }: CommandContext,
  { id, dead = false }: { id?: string | undefined; dead?: boolean },
): Promise<Answer> {
  if ((id === undefined) === !dead)
    throw new Error('Name one event, or say --dead for all given up.')
  await prepareQueue(core)
  const events =
    id === undefined
      ? await replayDeadEvents(core, { actor })
      : [await replayEvent(core, { eventId: id, actor })]
  const failed = events.filter(({ state }) => state !== 'handled' && state !== 'ignored')
  return {
    json: { events },
    lines: events.length === 0 ? ['No event was given up.'] : events.map(describe),
    exitCode: failed.length === 0 ? 0 : 1,
  }
}

function describe({
  id,
  type,
  state,
  customerId,
  ignoredBecause,
  lastError,
}: WebhookEvent): string {
  const why = ignoredBecause ?? lastError
  return [id, type, customerId ?? '-', why === null ? state : `${state}: ${why}`].join('  ')
}
