import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Brief } from '../../functions/contracts/reports/brief.ts';
import type { ApiClient } from '../client.ts';
import { demoDivisions } from '../district/households.ts';

const article = z.object({
  asOf: z.string(),
  figures: z.array(
    z.object({
      key: z.string(),
      value: z.int(),
      unit: z.string(),
      kind: z.enum(['exact', 'approximate']),
      rule: z.enum(['at-least', 'about']).optional(),
      zh: z.string(),
    }),
  ),
});

export interface Compared {
  name: string;
  zh: string;
  value: number;
  unit: string;
  goal: string;
  holds: boolean;
}

/** What a town's figures are called in the article, and in its brief. */
const inTown: Record<string, string> = { 'posts.subsidy': 'posts.publicWelfare.subsidy' };

/** Each figure of the article beside the brief's own, told by the system as of the last day of 2023. */
export async function compareWithArticle(client: ApiClient): Promise<Compared[]> {
  const { asOf, figures } = article.parse(
    JSON.parse(readFileSync(new URL('dianbai-2023.json', import.meta.url), 'utf8')),
  );
  const briefs = new Map<string, Brief>();
  const briefOf = async (region: string): Promise<Brief> => {
    const known =
      briefs.get(region) ??
      (await client.get<Brief>(`/v1/reports/brief?region=${region}&asOf=${asOf}`, { account: 'auditor' }));
    briefs.set(region, known);
    return known;
  };
  const compared: Compared[] = [];
  for (const { key, value: told, unit, rule, zh } of figures) {
    const [, town, rest] = /^town\.(\d{9})\.(.+)$/.exec(key) ?? [];
    const brief = await briefOf(town ?? '440904');
    const name = rest === undefined ? key : (inTown[rest] ?? rest);
    const value = brief.figures.find((figure) => figure.key === name)?.value ?? Number.NaN;
    compared.push({ name: key, zh, value, unit, goal: goalOf(told, rule), holds: holds(value, told, rule) });
  }
  return compared;
}

/** `at-least`: reported as "over", so less than a twentieth above; `about`: within 1,000 yuan; otherwise equal. */
function holds(value: number, told: number, rule: 'at-least' | 'about' | undefined): boolean {
  if (rule === 'at-least') return value >= told && value * 100 < told * 105;
  return rule === 'about' ? Math.abs(value - told) <= 100_000 : value === told;
}

function goalOf(told: number, rule: 'at-least' | 'about' | undefined): string {
  if (rule === 'at-least') return `≥ ${told}`;
  return rule === 'about' ? `≈ ${told}` : `= ${told}`;
}

export function printComparison(results: readonly Compared[]): void {
  console.log(`\n${'报道'.padEnd(20)}${'系统'.padStart(18)}  相符  指标`);
  for (const { zh, goal, value, holds: equal, name } of results) {
    console.log(`${goal.padEnd(22)}${String(value).padStart(18)}  ${equal ? ' 是 ' : '不符'}  ${zh}（${name}）`);
  }
  console.log(`${results.filter(({ holds: equal }) => equal).length} / ${results.length} 项相符。`);
}

/** One hash over the last day's briefs of the district and each town: the same plan gives the same bytes, however the calls of a replay fell together. */
export async function digestOfBriefs(client: ApiClient): Promise<string> {
  const { district, towns } = demoDivisions();
  const hash = createHash('sha256');
  for (const { code } of [district, ...towns]) {
    const { knownAt: _, ...brief } = await client.get<Brief>(`/v1/reports/brief?region=${code}&asOf=2023-12-31`, {
      account: 'auditor',
    });
    hash.update(JSON.stringify(brief));
  }
  return hash.digest('hex').slice(0, 16);
}
