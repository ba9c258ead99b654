/**
 * Who changed something: an admin's or another user's id, an API key's id, or the name of a command run by the operator,
 * or the object at Stripe from which it follows.
 */
export interface Actor {
  kind: 'admin' | 'user' | 'key' | 'command' | 'stripe'
  id: string
}
