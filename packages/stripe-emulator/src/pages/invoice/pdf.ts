import { formatMoney } from '../../core/money.ts'
import type { Invoice } from '../../documents.ts'
import { dayText } from '../texts.ts'

const PAGE = { width: 612, height: 792, margin: 56 }

/** An invoice as a PDF document of one page. */
export function invoicePdf(invoice: Invoice): Buffer {
  return pdfOf(linesOf(invoice))
}

/** A PDF document of one page with lines of text. */
export function pdfOf(lines: readonly TextLine[]): Buffer {
  const stream = content(lines)
  const font = (name: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Contents 4 0 R /Resources << /Font << /F1 5 0 R /F2 6 0 R >> >> >>`,
    `<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`,
    font('Helvetica'),
    font('Helvetica-Bold'),
  ]
  let text = '%PDF-1.4\n'
  const offsets = objects.map((object, index) => {
    const offset = text.length
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
    return offset
  })
  const start = text.length
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
  text += `trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

export interface TextLine {
  text: string
  size: number
  bold?: boolean | undefined
  /** Written at the right edge of the same line. */
  right?: string | undefined
  gap?: number | undefined
}

function content(lines: readonly TextLine[]): string {
  let y = PAGE.height - PAGE.margin
  const commands: string[] = []
  for (const line of lines) {
    y -= line.size * 1.6 + (line.gap ?? 0)
    const font = line.bold === true ? '/F2' : '/F1'
    const put = (x: number, text: string) =>
      commands.push(
        `BT ${font} ${line.size} Tf ${x.toFixed(1)} ${y.toFixed(1)} Td (${pdfText(text)}) Tj ET`,
      )
    put(PAGE.margin, line.text)
    if (line.right === undefined) continue
    put(PAGE.width - PAGE.margin - line.right.length * line.size * 0.52, line.right)
  }
  return commands.join('\n')
}

/** Escapes text for a PDF string in WinAnsi; other characters become a question mark. */
function pdfText(text: string): string {
  const known = text.replaceAll('–', '-').replaceAll('×', '\xd7')
  return [...known]
    .map((character) => (character.charCodeAt(0) > 255 ? '?' : character))
    .join('')
    .replace(/[\\()]/g, (character) => `\\${character}`)
}

function linesOf(invoice: Invoice): TextLine[] {
  const money = (amount: number) => formatMoney(amount, invoice.currency)
  return [
    { text: 'TEST MODE - local Stripe', size: 10 },
    { text: `Invoice ${invoice.number ?? ''}`, size: 20, bold: true, gap: 14 },
    { text: `Date ${dayText(invoice.created)}`, size: 11 },
    { text: `Billed to ${invoice.customer_email ?? invoice.customer_name ?? ''}`, size: 11 },
    { text: `Status ${invoice.status ?? ''}`, size: 11, gap: 18 },
    ...invoice.lines.data.map((line) => ({
      text: (line.description ?? '').slice(0, 70),
      size: 11,
      right: money(line.amount),
    })),
    ...taxLines(invoice),
    { text: 'Total', size: 11, right: money(invoice.total), gap: 10 },
    { text: 'Amount due', size: 12, bold: true, right: money(invoice.amount_due) },
    { text: 'Amount paid', size: 12, bold: true, right: money(invoice.amount_paid) },
  ]
}

function taxLines({ currency, total_taxes: taxes }: Invoice): TextLine[] {
  return (taxes ?? []).map(({ amount, tax_behavior: behavior }) => ({
    text: behavior === 'inclusive' ? 'Tax (included)' : 'Tax',
    size: 11,
    right: formatMoney(amount, currency),
  }))
}
