/** SQL expressions for the user, the meter and the instant that a query is about. */
interface Place {
  user: string
  meter: string
  now: string
}

/** Whether a grant g is live, in SQL. By the server's clock, whenever the use happened. */
export function liveSql(now: string): string {
  return `(g.effective_at <= ${now} AND (g.expires_at IS NULL OR g.expires_at > ${now})
    AND g.frozen_at IS NULL AND g.revoked_at IS NULL)`
}

/** In SQL, what the parts of a ledger row took from grants. */
export function creditedSql(parts: string): string {
  return `(SELECT coalesce(sum((part ->> 1)::bigint), 0)
    FROM jsonb_array_elements(${parts} -> 'grants') AS part)`
}

/** In SQL, what the parts of a ledger row took from overage. */
export function soldSql(parts: string): string {
  return `coalesce((${parts} ->> 'overage')::bigint, 0)`
}

/** In SQL, whether a ledger row r is of a reservation that has expired and still holds parts of grants or overage. */
function isExpiredHold({ user, meter, now }: Place): string {
  return `r.user_id = ${user} AND r.meter = ${meter} AND r.held AND r.expires_at <= ${now}
    AND r.parts IS NOT NULL`
}

/** In SQL, what remains in live grants. */
export function creditsSql(place: Place): string {
  return `(SELECT coalesce(sum(${remainingSql(place)}), 0) FROM grants g
    WHERE g.user_id = ${place.user} AND g.meter = ${place.meter} AND g.is_open AND ${liveSql(place.now)})`
}

/**
 * In SQL, what remains in a grant g. What an expired reservation still holds is given back, as the next decision will do.
 */
export function remainingSql(place: Place): string {
  return `g.remaining + CASE WHEN g.held = 0 THEN 0 ELSE (
      SELECT coalesce(sum((part ->> 1)::bigint), 0)
      FROM usage r CROSS JOIN LATERAL jsonb_array_elements(r.parts -> 'grants') AS part
      WHERE ${isExpiredHold(place)} AND part ->> 0 = g.id::text
    ) END`
}

/** In SQL, the terms under which a subscription sells, as `OverageRow`; null: it sells nothing. */
export function overageSql(place: Place): string {
  return `(SELECT jsonb_build_object('subscription_id', t.subscription_id, 'period_start', t.period_start,
      'period_end', t.period_end, 'anchor', t.anchor, 'item_since', t.item_since, 'sells_until', t.sells_until,
      'held', t.held, 'held_expired', CASE WHEN t.held = 0 THEN 0 ELSE (
        SELECT coalesce(sum(${soldSql('r.parts')}), 0) FROM usage r WHERE ${isExpiredHold(place)}) END,
      'cap', ${CAP}, 'sales_period', s.period_start, 'sales_hour', s.hour, 'sales_total', s.total)
    FROM overage_terms t
    LEFT JOIN overage_caps o ON o.user_id = t.user_id AND o.meter = t.meter
    LEFT JOIN LATERAL (
      SELECT period_start, hour, total FROM overage_sales
      WHERE user_id = t.user_id AND meter = t.meter AND subscription_id = t.subscription_id
        AND (${place.now} >= t.period_end OR period_start = t.period_start)
      ORDER BY period_start DESC, hour DESC LIMIT 1
    ) AS s ON true
    WHERE t.user_id = ${place.user} AND t.meter = ${place.meter} AND t.selling)`
}

/** The whole units that a cap pays for; what costs nothing has no end, unless the cap is 0. Not beyond safe integers. */
const CAP = `(SELECT CASE WHEN minor IS NULL THEN NULL WHEN minor = 0 THEN 0 WHEN t.unit_price = 0 THEN NULL
    ELSE least(div(minor, t.unit_price), ${Number.MAX_SAFE_INTEGER}) END
  FROM (SELECT CASE WHEN o.user_id IS NULL THEN t.default_cap ELSE o.amount_minor END AS minor) AS cap)`
