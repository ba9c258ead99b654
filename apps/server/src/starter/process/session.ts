import { StartError } from '../../config/start-error.ts'
import { note } from '../say.ts'
import type { Running } from './programs.ts'

/** What one start has begun so far, to be ended in the opposite order. */
export class Session {
  readonly #parts: { stop: () => Promise<void> }[] = []
  readonly #abort = new AbortController()
  readonly #over: Promise<StartError | null>
  #end: (why: StartError | null) => void = () => undefined

  constructor() {
    this.#over = new Promise((resolve) => {
      this.#end = resolve
    })
  }

  /** Aborts when the session is over, so that waiting ends early. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Ends the session: without a reason when it was asked to, with one when something broke. */
  end(why: StartError | null): void {
    this.#end(why)
    this.#abort.abort()
  }

  /** Ends the session because of `error`; one that comes of the end itself changes nothing. */
  fail(error: unknown): void {
    if (!this.signal.aborted) this.end(unexpected(error))
  }

  /** Keeps `part` to be stopped at the end. Throws when the session is over, so that nothing is started after it. */
  add<Part extends { stop: () => Promise<void> }>(part: Part): Part {
    this.#parts.push(part)
    this.signal.throwIfAborted()
    return part
  }

  /** As `add`; and when the program ends before its time, that ends the session. */
  watch<Program extends Running>(program: Program): Program {
    void program.ended.then((how) => this.end(new StartError(how)))
    return this.add(program)
  }

  /** Runs `start`, waits for the end, stops every part, and answers the process's exit code. */
  async run(start: (session: Session) => Promise<void>): Promise<number> {
    const stop = () => this.end(null)
    process.on('SIGTERM', stop).on('SIGINT', stop)
    await start(this).catch((error: unknown) => this.fail(error))
    const why = await this.#over
    if (why !== null) tell(why)
    while (this.#parts.length > 0) await this.#parts.pop()?.stop().catch(tell)
    return why === null ? 0 : 1
  }
}

function unexpected(error: unknown): StartError {
  return error instanceof StartError ? error : new StartError(inFull(error))
}

function tell(error: unknown): void {
  for (const line of unexpected(error).lines) note(line)
}

/** With its stack, since nobody foresaw it. */
function inFull(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
