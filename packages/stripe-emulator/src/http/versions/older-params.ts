import type { Store } from '../../core/store/store.ts'
import type { Node } from './change.ts'
import { refuseRemoved } from './removed-params.ts'
import { versionTable } from './table.ts'
import { isBefore } from './version.ts'

const rows = versionTable.params.map((row) => ({ ...row, matches: matcherOf(row.route) }))
const routes = versionTable.routes.map((row) => ({ ...row, matches: matcherOf(row.route) }))

/** Matches a method and a path; `:id` stands for one segment. */
function matcherOf(route: string): (request: Request) => boolean {
  const [method, path = ''] = route.split(' ')
  const pattern = new RegExp(`^${path.replaceAll(':id', '[^/]+')}$`)
  return (request) => request.method === method && pattern.test(request.path)
}

interface Request {
  method: string
  path: string
}

/** Converts the parameters of a request from its version to the pinned one. */
export function fromVersion(
  request: Request & { id: string; params: Node },
  about: { version: string; named: boolean; store: Store },
): Node {
  const { id } = request
  const { store, version } = about
  refuseRemoved(request, about)
  return rows
    .filter((row) => isBefore(version, row.since) && row.matches(request))
    .reduce((params, row) => row.read(params, { store, id }), request.params)
}

/** Whether a version has a route: some are only in older ones. */
export function hasRoute(request: Request, version: string): boolean {
  return routes.every((row) => isBefore(version, row.since) || !row.matches(request))
}
