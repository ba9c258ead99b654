/** What somebody writes who has installed the client and nothing else. */
export const STRANGER = `
import * as tollgate from '@tollgate/client'

export const everything = tollgate
`
