import { endpoint } from '../../http/endpoint.ts'
import { shape } from '../../http/params/shape.ts'
import { accountOf } from './account.ts'

export const accountEndpoints = [endpoint('GET /v1/account', shape({}), (ctx) => accountOf(ctx))]
