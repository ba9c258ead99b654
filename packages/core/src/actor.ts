/** Who changed something: an admin's or another user's id, an API key's id, or the name of a command run by the operator. */
export interface Actor {
  kind: 'admin' | 'user' | 'key' | 'command'
  id: string
}
