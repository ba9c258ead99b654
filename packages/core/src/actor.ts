/** Who changed something: an admin's user id, an API key's id, or the name of a command run by the operator. */
export interface Actor {
  kind: 'admin' | 'key' | 'command'
  id: string
}
