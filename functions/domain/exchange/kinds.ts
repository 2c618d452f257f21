import type { ImportKind } from '../../contracts/http/exchange.ts';
import { cases } from './cases.ts';
import { households } from './households.ts';
import { claims, hospitalBills, roster } from './insurance.ts';
import type { Kind } from './kind.ts';
import { ledger } from './ledger.ts';
import { visits } from './visits.ts';

/** Every table that can be taken in. */
export const kinds: Readonly<Record<ImportKind, Kind>> = { households, visits, cases, claims, 'hospital-bills': hospitalBills, ledger, roster };
