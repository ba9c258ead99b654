import { Link } from '@tanstack/react-router'
import { Button, FullPage } from '@tollgate/ui'
import { productName } from '../product.ts'

export function NotFoundPage() {
  return (
    <FullPage title="Page not found" text="There is nothing at this address.">
      <title>{`Page not found · ${productName}`}</title>
      <Button asChild variant="outline">
        <Link to="/">Go to the start page</Link>
      </Button>
    </FullPage>
  )
}
