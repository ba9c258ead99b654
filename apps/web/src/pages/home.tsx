import { Link } from '@tanstack/react-router'
import { Button } from '@tollgate/ui'
import { useSession } from '../auth/client.ts'
import { productName, productSignIn } from '../product.ts'

const points = [
  {
    title: 'A plan in a minute',
    text: 'Choose a plan and pay on Stripe’s own page. It is active the moment you are back.',
  },
  {
    title: 'Usage to the last unit',
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
    <div className="tg:py-10 tg:text-center tg:sm:py-20">
      <title>{productName}</title>
      <h1 className="tg:mx-auto tg:max-w-192 tg:text-balance tg:font-semibold tg:text-4xl tg:tracking-tight tg:sm:text-6xl">
        Billing and usage, in plain sight.
      </h1>
      <p className="tg:mx-auto tg:mt-6 tg:max-w-144 tg:text-pretty tg:text-lg tg:text-muted-foreground">
        Your plan, what you have used of it, and every invoice, on one page.
      </p>
      <div className="tg:mt-9 tg:flex tg:flex-wrap tg:justify-center tg:gap-3">
        {session ? (
          <Button asChild size="large">
            <Link to="/billing">Open billing</Link>
          </Button>
        ) : (
          <>
            {productSignIn === null && (
              <Button asChild size="large">
                <Link to="/sign-up">Create an account</Link>
              </Button>
            )}
            <Button asChild size="large" variant="outline">
              <Link to="/sign-in">Sign in</Link>
            </Button>
          </>
        )}
      </div>
      <ul className="tg:mt-20 tg:grid tg:gap-10 tg:text-left tg:sm:mt-28 tg:sm:grid-cols-3">
        {points.map(({ title, text }) => (
          <li key={title} className="tg:border-border tg:border-t tg:pt-5">
            <h2 className="tg:font-medium">{title}</h2>
            <p className="tg:mt-1.5 tg:text-muted-foreground tg:text-sm tg:leading-relaxed">
              {text}
            </p>
          </li>
        ))}
      </ul>
    </div>
  )
}
