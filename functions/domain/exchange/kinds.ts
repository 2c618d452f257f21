import type { ImportKind } from '../../contracts/exchange/exchange-http.ts';
import { cases } from './case-columns.ts';
import { households } from './household-columns.ts';
import { claims, hospitalBills, roster } from './insurance-columns.ts';
import type { Kind } from './kind.ts';
import { ledger } from './ledger-columns.ts';
import { visits } from './visit-columns.ts';

/** Every table that can be taken in. */
export const kinds: Readonly<Record<ImportKind, Kind>> = {
  households,
  visits,
  cases,
  claims,
  'hospital-bills': hospitalBills,
  ledger,
  roster,
};
