import { Link } from '@tanstack/react-router'
import { Button } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'

const points = [
  {
    title: 'A plan in a minute',
    text: 'Choose a plan and pay on Stripe’s own page. It is active the moment you are back.',
  },
  {
    title: 'Usage to the last token',
    text: 'Every call is counted once, and the numbers you see are the numbers that decide.',
  },
  {
    title: 'Limits that hold',
    text: 'Quotas stop what is above them, and never bill you for a surprise.',
  },
]

export function HomePage() {
  const { data: session } = useSession()
  return (
    <div className="py-10 text-center sm:py-20">
      <title>Tollgate</title>
      <h1 className="mx-auto max-w-3xl text-balance font-semibold text-4xl tracking-tight sm:text-6xl">
        Billing and usage, in plain sight.
      </h1>
      <p className="mx-auto mt-6 max-w-xl text-pretty text-lg text-muted-foreground">
        Your plan, what you have used of it, and every invoice, on one page.
      </p>
      <div className="mt-9 flex flex-wrap justify-center gap-3">
        {session ? (
          <Button asChild size="large">
            <Link to="/billing">Open billing</Link>
          </Button>
        ) : (
          <>
            <Button asChild size="large">
              <Link to="/sign-up">Create an account</Link>
            </Button>
            <Button asChild size="large" variant="outline">
              <Link to="/sign-in">Sign in</Link>
            </Button>
          </>
        )}
      </div>
      <ul className="mt-20 grid gap-10 text-left sm:mt-28 sm:grid-cols-3">
        {points.map(({ title, text }) => (
          <li key={title} className="border-border border-t pt-5">
            <h2 className="font-medium">{title}</h2>
            <p className="mt-1.5 text-muted-foreground text-sm leading-relaxed">{text}</p>
          </li>
        ))}
      </ul>
    </div>
  )
}
