import type { CSSProperties, ReactNode } from 'react'
import { Link, Router } from 'wouter'
import { useHashLocation } from 'wouter/use-hash-location'

/** The same place for us in every page, so that only styles that leak make a difference. */
const place: CSSProperties = {
  boxSizing: 'border-box',
  flex: 'none',
  width: 1000,
  margin: 0,
  padding: 0,
  border: 0,
}

/** A page with one of everything that styles could leak into, and a place for us. */
export function HostPage({ children }: { children: ReactNode }) {
  return (
    <Router hook={useHashLocation}>
      <header className="flex card">
        <h1>A host of its own</h1>
        <nav>
          <Link href="/billing">Billing</Link> <Link href="/admin">Admin</Link>
        </nav>
        <button type="button" className="border">
          A button
        </button>
      </header>
      <main style={place}>{children}</main>
      <section className="card">
        <h2>Below</h2>
        <p className="text-sm">
          A text with a <a href="#/billing">link to billing</a>, <code>code</code> and{' '}
          <em>stress</em>.
        </p>
        <ul>
          <li>An item</li>
        </ul>
        <table>
          <tbody>
            <tr>
              <th>A head</th>
              <td>A cell</td>
            </tr>
          </tbody>
        </table>
        <form>
          <input placeholder="A field" />
          <input type="checkbox" />
          <select>
            <option>A choice</option>
          </select>
          <textarea defaultValue="A text" />
        </form>
        <svg width="40" height="20" role="img" aria-label="A drawing">
          <rect width="40" height="20" />
        </svg>
      </section>
    </Router>
  )
}
