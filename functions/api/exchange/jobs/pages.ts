import { ledgerLine } from '../../../contracts/assistance/ledger-http.ts';
import { caseLine } from '../../../contracts/cases/cases-http.ts';
import type { ExportRequest } from '../../../contracts/exchange/jobs-http.ts';
import { claimLine } from '../../../contracts/insurance/insurance-http.ts';
import { Problem } from '../../../contracts/problems.ts';
import { contains, type Divisions } from '../../../contracts/regions.ts';
import { type HouseholdView, householdView } from '../../../contracts/registry/households-http.ts';
import { sheetResponse } from '../../../contracts/screening/rounds-http.ts';
import { villageOf } from '../../../contracts/values.ts';
import { eachOf } from '../../../domain/concurrency.ts';
import type { Worksheet } from '../../../domain/exchange/cells.ts';
import { namesOf } from '../../../domain/exchange/exports.ts';
import { ledgerOut } from '../../../domain/exchange/ledger-export.ts';
import {
  casesOut,
  claimsOut,
  householdsOut,
  type Register,
  visitsOut,
} from '../../../domain/exchange/table-exports.ts';
import { cursorAt } from '../../cursors.ts';
import { ask, askPage, type CallerApi, MOST_A_PAGE } from '../workbook/caller-api.ts';
import { householdsIn, readable } from '../workbook/export.ts';

/** Some rows of a table under its headings, and where the next begin; without that they are the last. */
export interface Page {
  worksheet: Worksheet;
  next?: string | undefined;
}

/** Lists go village by village, so that few are needed at once: of 2,000 households a village, eight are 16 MB. */
const VILLAGES_KEPT = 8;
const AT_ONCE = 4;

/** Reads a table page by page as the caller may see it, with no more in memory than a page and the villages that it is about. */
export class Pages {
  readonly #api: CallerApi;
  readonly #request: ExportRequest;
  #divisions: Promise<Divisions | undefined> | undefined;
  /** Households of the villages looked up last, the oldest first. */
  readonly #villages = new Map<string, Promise<HouseholdView[]>>();

  constructor(api: CallerApi, request: ExportRequest) {
    this.#api = api;
    this.#request = request;
  }

  /** @param position undefined for the first page @throws Problem what the routes behind refuse; read-interrupted */
  async page(position: string | undefined, limit = MOST_A_PAGE): Promise<Page> {
    const { kind, region, from, to } = this.#request;
    const at = { limit, cursor: position };
    // From the beginning, but without the totals that come with a first page: for them it reads the whole list.
    const behind = { limit, cursor: position ?? cursorAt(region, region) };
    const within = `region=${region}`;
    switch (kind) {
      case 'households': {
        const { items, next } = await askPage(this.#api, `/v1/households?${within}`, householdView, at);
        const households = new Map(items.map((one) => [one.id, one]));
        return { worksheet: householdsOut({ names: await this.#names(), households }), next };
      }
      case 'visits':
        return await this.#sheets(position, limit);
      case 'cases': {
        const { items, next } = await askPage(this.#api, `/v1/cases?${within}`, caseLine, behind);
        return { worksheet: casesOut(await this.#register(items.map(({ household }) => household)), items), next };
      }
      case 'claims': {
        const { items, next } = await askPage(this.#api, `/v1/claims?${within}`, claimLine, behind);
        return { worksheet: claimsOut({ names: await this.#names(), households: new Map() }, items), next };
      }
      case 'ledger': {
        const period = [from === undefined ? '' : `&from=${from}`, to === undefined ? '' : `&to=${to}`].join('');
        const { items, next } = await askPage(this.#api, `/v1/ledger?${within}${period}`, ledgerLine, behind);
        const about = items.flatMap(({ household }) => (typeof household === 'string' ? [household] : []));
        return { worksheet: ledgerOut(await this.#register(about), items), next };
      }
    }
  }

  /**
   * The sheet of the next village that has one; one without households has none. The position is the village before.
   * @throws Problem sheet-not-sealed, when the last village is passed and none had one
   */
  async #sheets(position = '', limit: number): Promise<Page> {
    const { region, round } = this.#request;
    if (round === undefined)
      throw new Problem('invalid-parameter', {
        errors: [{ pointer: '/round', code: 'missing', detail: '此项必填。' }],
      });
    const divisions = await this.#known();
    const villages = (divisions?.towns ?? []).flatMap((town) => town.villages.map(({ code }) => code)).sort();
    const [after = '', found = ''] = position.split('+');
    const left = villages.filter((village) => contains(region, village) && village > after);
    for (const village of left) {
      const sheet = await this.#sheetOf(round, village);
      const isLast = village === left.at(-1);
      if (sheet === undefined && !isLast) continue;
      if (sheet === undefined && found === '') throw new Problem('sheet-not-sealed');
      const rows = sheet?.rows.slice(0, limit === 1 ? 1 : undefined) ?? [];
      const register = await this.#register(rows.map(({ household }) => household));
      return { worksheet: visitsOut(register, round, rows), ...(isLast ? {} : { next: `${village}+found` }) };
    }
    throw new Problem('sheet-not-sealed');
  }

  async #sheetOf(round: string, village: string) {
    try {
      return await ask(this.#api, `/v1/rounds/${round}/sheets/${village}`, sheetResponse);
    } catch (error) {
      if (error instanceof Problem && error.code === 'sheet-not-sealed') return undefined;
      throw error;
    }
  }

  #known(): Promise<Divisions | undefined> {
    this.#divisions ??= readable(this.#api);
    return this.#divisions;
  }

  async #names() {
    return namesOf(await this.#known());
  }

  /** The names of places, and the households of the villages that these are in. */
  async #register(ids: readonly string[]): Promise<Register> {
    const villages = [...new Set(ids.map(villageOf))];
    const households = new Map<string, HouseholdView>();
    const wanted = new Set(ids);
    await eachOf(villages, AT_ONCE, async (village) => {
      for (const one of await this.#village(village)) if (wanted.has(one.id)) households.set(one.id, one);
    });
    return { names: await this.#names(), households };
  }

  #village(village: string): Promise<HouseholdView[]> {
    const known = this.#villages.get(village) ?? householdsIn(this.#api, village);
    this.#villages.delete(village);
    this.#villages.set(village, known);
    for (const oldest of this.#villages.keys()) {
      if (this.#villages.size <= VILLAGES_KEPT) break;
      this.#villages.delete(oldest);
    }
    return known;
  }
}
