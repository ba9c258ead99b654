import { noSuch } from '../../core/errors.ts'
import { formatMoney } from '../../core/money.ts'
import type { CreditNote } from '../../documents.ts'
import type { PageServer } from '../page-server.ts'
import { dayText } from '../texts.ts'
import type { TextLine } from './pdf.ts'
import { pdfOf } from './pdf.ts'

/** The PDF of a credit note. */
export function serveCreditNotes(server: PageServer): void {
  server.get('/credit_notes/:token/pdf', (request) => {
    const path = `/credit_notes/${request.path['token'] ?? ''}/pdf`
    const bytes = server.run((ctx) => {
      const [note] = ctx.store.find('credit_notes', { index: 'page', key: path })
      if (note === undefined) throw noSuch('credit_note', path)
      return pdfOf(linesOf(note))
    })
    return { bytes, type: 'application/pdf' }
  })
}

function linesOf(note: CreditNote): TextLine[] {
  const money = (amount: number) => formatMoney(amount, note.currency)
  return [
    { text: 'TEST MODE - local Stripe', size: 10 },
    { text: `Credit note ${note.number}`, size: 20, bold: true, gap: 14 },
    { text: `Date of issue ${dayText(note.effective_at ?? note.created)}`, size: 11 },
    { text: note.memo ?? '', size: 11, gap: 18 },
    ...note.lines.data.map((line) => ({
      text: (line.description ?? '').slice(0, 70),
      size: 11,
      right: money(line.amount),
    })),
    { text: 'Total', size: 12, bold: true, right: money(note.total), gap: 10 },
  ]
}
