/** Why no project was made: one line for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
}
