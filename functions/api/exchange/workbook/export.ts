import type * as z from 'zod';
import { ledgerLine } from '../../../contracts/assistance/ledger-http.ts';
import { caseLine } from '../../../contracts/cases/cases-http.ts';
import type { briefWorkbookQuery, ExportKind, ExportQuery } from '../../../contracts/exchange/exchange-http.ts';
import { claimLine } from '../../../contracts/insurance/insurance-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import { type Divisions, divisionsSeen } from '../../../contracts/regions.ts';
import { type HouseholdView, householdView } from '../../../contracts/registry/households-http.ts';
import { brief } from '../../../contracts/reports/brief.ts';
import { sheetResponse } from '../../../contracts/screening/rounds-http.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import { namesOf } from '../../../domain/exchange/exports.ts';
import { ledgerOut } from '../../../domain/exchange/ledger-export.ts';
import {
  casesOut,
  claimsOut,
  householdsOut,
  type Register,
  visitsOut,
} from '../../../domain/exchange/table-exports.ts';
import { briefTables } from '../../../domain/reports/tables.ts';
import { ask, askAll, type CallerApi } from './caller-api.ts';
import type { Written } from './write.ts';

const AT_ONCE = 8;

/** A table of everything the caller may see in a region. @throws Problem what the list routes refuse; invalid-parameter */
export async function exported(api: CallerApi, kind: ExportKind, query: ExportQuery): Promise<Written> {
  const region = `region=${query.region}`;
  const worksheet = async () => {
    switch (kind) {
      case 'households':
        return householdsOut(await registerOf(api, query.region));
      case 'visits':
        return visitsOf(api, query);
      case 'cases': {
        const lines = await askAll(api, `/v1/cases?${region}`, caseLine);
        return casesOut(await registerOf(api, query.region), lines);
      }
      case 'claims': {
        const lines = await askAll(api, `/v1/claims?${region}`, claimLine);
        return claimsOut({ names: namesOf(await readable(api)), households: new Map() }, lines);
      }
      case 'ledger': {
        const period = [
          query.from === undefined ? '' : `&from=${query.from}`,
          query.to === undefined ? '' : `&to=${query.to}`,
        ].join('');
        const items = await askAll(api, `/v1/ledger?${region}${period}`, ledgerLine);
        return ledgerOut(await registerOf(api, query.region), items);
      }
    }
  };
  return { ...(await worksheet()), header: 0 };
}

/** The households of a region with the names of its parts. */
async function registerOf(api: CallerApi, region: string): Promise<Register> {
  const [found, list] = await Promise.all([readable(api), householdsIn(api, region)]);
  return { names: namesOf(found), households: new Map(list.map((one) => [one.id, one])) };
}

/** Every household of a region as the caller may see it. */
export async function householdsIn(api: CallerApi, region: string): Promise<HouseholdView[]> {
  return askAll(api, `/v1/households?region=${region}`, householdView);
}

/** The divisions, for those who may read them. */
export async function readable(api: CallerApi): Promise<Divisions | undefined> {
  try {
    return await ask(api, '/v1/divisions', divisionsSeen);
  } catch (error) {
    if (error instanceof Problem && (error.code === 'role-not-allowed' || error.code === 'divisions-missing'))
      return undefined;
    throw error;
  }
}

/** The sheets of a sealed round, village by village: one without households has none. */
async function visitsOf(api: CallerApi, { region, round }: ExportQuery) {
  if (round === undefined)
    throw new Problem('invalid-parameter', { errors: [{ pointer: '/round', code: 'missing', detail: '此项必填。' }] });
  const register = await registerOf(api, region);
  const villages = [...new Set([...register.households.keys()].map((id) => id.slice(0, 12)))];
  const missing: Problem[] = [];
  const sheets = await eachOf(villages, AT_ONCE, async (village) => {
    try {
      return await ask(api, `/v1/rounds/${round}/sheets/${village}`, sheetResponse);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'sheet-not-sealed') throw error;
      missing.push(error);
      return undefined;
    }
  });
  const [first] = missing;
  if (first !== undefined && missing.length === villages.length) throw first;
  return visitsOut(
    register,
    round,
    sheets.flatMap((sheet) => sheet?.rows ?? []),
  );
}

/** The brief as a workbook: its figures, its rounds, the parts of its region. */
export async function briefWorkbook(
  api: CallerApi,
  { region, asOf, knownAt }: z.infer<typeof briefWorkbookQuery>,
): Promise<{ worksheets: [Written, ...Written[]]; name: string }> {
  const query = new URLSearchParams({
    region,
    ...(asOf === undefined ? {} : { asOf }),
    ...(knownAt === undefined ? {} : { knownAt }),
  });
  const told = await ask(api, `/v1/reports/brief?${query}`, brief);
  const [figures, ...others] = briefTables(told).map((worksheet) => ({ ...worksheet, header: 2 }));
  if (figures === undefined) throw new Error('A brief has figures.');
  return { worksheets: [figures, ...others], name: `${told.name}防止返贫监测帮扶简报 ${told.asOf}` };
}
