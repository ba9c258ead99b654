import type { AnyCatalog } from '@tollgate/core'
import { errorCodes } from '@tollgate/core'
import type { OpenAPIObject } from 'trpc-to-openapi'
import { generateOpenApiDocument } from 'trpc-to-openapi'
import { access } from '../../access.ts'
import { errorStatus } from '../../errors.ts'
import { appRouter } from '../../router.ts'
import { METER_COMPONENT, PACK_COMPONENT, PLAN_COMPONENT } from '../../schemas/primitives.ts'
import { restRoutes } from './rest.ts'

export interface OpenApiOptions {
  /** The cookie of the host's sign-in, for the OpenAPI document; without it the document names no sessions. */
  sessionCookie?: string
}

interface DocumentOptions extends OpenApiOptions {
  /** Its meters and plans are the values that the document allows. */
  catalog: AnyCatalog
  /** The part of the paths before `/api/…`. */
  prefix: string
}

const verbs = { GET: 'get', POST: 'post', PUT: 'put' } as const

const ERROR_REF = '#/components/schemas/Error'

const DESCRIPTION = `Stripe subscriptions, exact usage metering and quota.

A sibling app sends an API key as a bearer token, and names the user in every call. Every failure is
\`{ errorCode, message, issues? }\`; a refused quota is a normal response, not a failure.`

/**
 * The OpenAPI 3.1 document of REST, from the procedures' own schemas, with our errors and who may call. To the
 * procedures a meter or a plan is any string, which core compares with the catalogue; the document lists that
 * catalogue's ids.
 */
export function openApiDocument({
  sessionCookie,
  catalog,
  prefix,
}: DocumentOptions): OpenAPIObject {
  const document = generateOpenApiDocument(appRouter, {
    title: 'Tollgate',
    description: DESCRIPTION,
    version: '1',
    baseUrl: prefix || '/',
    tags: ['billing', 'usage', 'users', 'admin'],
    securitySchemes: securitySchemes(sessionCookie),
  })
  for (const { procedure, method, path } of restRoutes) {
    const operation = document.paths?.[path]?.[verbs[method]]
    if (!operation) continue
    operation.tags = [procedure.split('.')[0] ?? '']
    operation.security = security(procedure, sessionCookie !== undefined)
    operation.responses = { 200: operation.responses?.['200'], ...errorResponses }
  }
  const generated = Object.entries(document.components?.schemas ?? {})
  const schemas = generated.filter(([name]) => !name.startsWith('error.'))
  document.components = {
    ...document.components,
    schemas: { ...Object.fromEntries(schemas), ...nameSchemas(catalog), Error: errorSchema },
  }
  return document
}

/** What the ids of the schemas `meter`, `plan` and `pack` refer to. */
function nameSchemas({ meterIds, planIds, packIds, plans }: AnyCatalog) {
  const retired = planIds.filter((id) => plans[id]?.retired)
  const note = retired.length > 0 && { description: `Not on offer any more: ${retired.join(', ')}` }
  return {
    [METER_COMPONENT]: { type: 'string' as const, enum: [...meterIds] },
    [PLAN_COMPONENT]: { type: 'string' as const, enum: [...planIds], ...note },
    [PACK_COMPONENT]: {
      type: 'string' as const,
      ...(packIds.length > 0 && { enum: [...packIds] }),
    },
  }
}

const errorSchema = {
  type: 'object' as const,
  required: ['errorCode', 'message'],
  properties: {
    errorCode: { type: 'string' as const, enum: [...errorCodes] },
    message: { type: 'string' as const },
    issues: {
      type: 'array' as const,
      description: 'What is wrong with the input, and where',
      items: {
        type: 'object' as const,
        required: ['path', 'message'],
        properties: { path: { type: 'string' as const }, message: { type: 'string' as const } },
      },
    },
  },
}

/** One entry for each status, naming the codes that leave with it. */
const errorResponses = Object.fromEntries(
  [...new Set(Object.values(errorStatus))].map((status) => {
    const codes = errorCodes.filter((code) => errorStatus[code] === status)
    const content = { 'application/json': { schema: { $ref: ERROR_REF } } }
    return [status, { description: codes.join(', '), content }]
  }),
)

function securitySchemes(sessionCookie: string | undefined) {
  return {
    apiKey: { type: 'http' as const, scheme: 'bearer', description: 'An API key, tg_…' },
    ...(sessionCookie !== undefined && {
      session: { type: 'apiKey' as const, in: 'cookie' as const, name: sessionCookie },
    }),
  }
}

/** Who may call, from the one table that decides it. */
function security(procedure: string, withSessions: boolean): Record<string, string[]>[] {
  const rule = access[procedure]
  if (!rule || rule.who === 'public') return []
  const byKey = rule.scope === undefined ? [] : [{ apiKey: [rule.scope] }]
  return withSessions && rule.who !== 'key' ? [{ session: [] }, ...byKey] : byKey
}
